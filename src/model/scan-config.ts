import type { Budget } from './budget.ts';
import type { Limits } from './limits.ts';

/** What a scan needs beside its targets, as `config/` made it: nothing is optional and nothing has a second default. */
export interface ScanConfig {
  /** Version of this program; a new one reads again, since decoders change with it. */
  version: string;
  /** Scanning threads; 0 means one for each core this process may use. */
  threads: number;
  limits: Limits;
  /** Places kept for one finding. */
  maxLocations: number;
  /** A scan that has used it up ends; the same scan with a larger one goes on. */
  budget: Budget;
  /** Globs over keys. A key is read when it matches one of `include` (or that is empty) and none of `exclude`. */
  include: string[];
  exclude: string[];
  /** `auto` continues the newest unfinished scan of the same targets and configuration, `never` starts anew, else the id of a scan. */
  resume: string;
  /** Reads objects again that an earlier scan has read completely. */
  rescan: boolean;
  /** Adds the SHA-256 of its stored bytes to each object that is read. */
  hash: boolean;
  /** 32 bytes; goes to the threads' memory and is never stored. */
  fingerprintKey: Buffer;
  fingerprintKeyId: string;
  /** Endpoints and regions for `openProvider`; no credentials: every thread takes them from its own environment. */
  providerOptions: Readonly<Record<string, unknown>>;
}
