import type { Format } from './data.ts';

export interface Settings {
  /** Of each file, before it is compressed. */
  bytes: number;
  rounds: number;
  formats: Format[];
  /** Folder with other scanners, beside those on the path. */
  peers: string | undefined;
}

/** One part of docs/speed.md. */
export interface Section {
  heading: string;
  body: string;
}
