import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inTime } from '../servers/in-time.ts';
import { findExecutable, ServerMissing } from '../servers/server-process.ts';
import {
  copiesOf,
  environmentOf,
  type Instruction,
  imageStage,
  lastOf,
  ROOT,
  readStages,
  type Stage,
} from './dockerfile.ts';

/**
 * What a container of the image would be, without an engine: the files that the Dockerfile copies, its preparation, its
 * variables, its user and its entry point, in a mount namespace where everything is read-only but one folder in memory.
 */
export interface Confined {
  /** The one folder that can be written to; empty for each process. */
  tmp: string;
  /** A folder whose files the processes can read. */
  data: string;
  /** Paths of the image as they are here. */
  path(text: string): string;
  /** The entry point with these arguments. */
  start(args: string[], env?: Record<string, string>): ChildProcess;
  /** Any command. */
  run(args: string[], env?: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }>;
  remove(): void;
}

const BUILDER = '0:0';
const CONFINE = `
set -eu
mount --make-rprivate /
mount --bind "$CONFINED_ROOT" "$CONFINED_ROOT"
mount --bind "$CONFINED_MODULES" "$CONFINED_ROOT/app/node_modules"
mount --bind "$CONFINED_NODE" "$CONFINED_ROOT/bin/node"
if [ "$CONFINED_USER" != ${BUILDER} ]; then
  mount -t tmpfs -o mode=1777,size=256m tmpfs "$CONFINED_ROOT/tmp"
  for place in app/node_modules bin/node .; do mount -o remount,ro,bind "$CONFINED_ROOT/$place"; done
  mount -o remount,ro,bind /
fi
cd "$CONFINED_ROOT/$CONFINED_FOLDER"
PATH=$CONFINED_ROOT/bin:$PATH
exec setpriv --reuid "\${CONFINED_USER%:*}" --regid "\${CONFINED_USER#*:}" --clear-groups --no-new-privs --inh-caps=-all "$@"
`;

/** Throws `ServerMissing` where mount namespaces cannot be made. */
export function confine(): Confined {
  const unshare = findExecutable(['unshare']);
  if (unshare === null || findExecutable(['setpriv']) === null || process.getuid?.() !== 0) {
    throw new ServerMissing('a mount namespace of its own needs Linux, util-linux and root');
  }
  const root = mkdtempSync(join(tmpdir(), 'assay-image-'));
  chmodSync(root, 0o755);
  const path = (text: string): string => text.replaceAll(/(?<![\w.])\/(app|data|var\/lib\/assay)\b/g, `${root}/$1`);
  const [build] = readStages();
  const image = imageStage();
  if (build === undefined) throw new Error('the Dockerfile has no stage');
  for (const folder of ['app/node_modules', 'bin', 'data', 'tmp', 'var/lib/assay']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, 'bin/node'), '');
  for (const { sources, target } of copiesOf(build)) {
    for (const source of sources) {
      const to = target === './' ? join(root, 'app', source) : join(root, 'app', target);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(ROOT + source, to, { recursive: true });
    }
  }

  const settings = (stage: Stage) =>
    Object.fromEntries(Object.entries(environmentOf(stage)).map(([name, value]) => [name, path(value)]));
  const command = ['--mount', 'sh', '-c', CONFINE, 'sh'];
  const environment = (stage: Stage, user: string, folder: string) => ({
    ...settings(stage),
    PATH: process.env.PATH,
    CONFINED_ROOT: root,
    CONFINED_MODULES: `${ROOT}node_modules`,
    CONFINED_NODE: process.execPath,
    CONFINED_USER: user,
    CONFINED_FOLDER: folder,
  });
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  try {
    const isPreparation = ({ name, text }: Instruction) => name === 'RUN' && text.includes('workers/');
    const prepare = build.instructions.find(isPreparation)?.text ?? '';
    execFileSync(unshare, [...command, 'sh', '-c', prepare], { env: environment(build, BUILDER, 'app') });
  } catch (error) {
    remove();
    throw error;
  }

  const user = lastOf(image, 'USER');
  const entry: string[] = JSON.parse(lastOf(image, 'ENTRYPOINT')).map(path);
  const launch = (args: string[], env: Record<string, string>): ChildProcess =>
    spawn(unshare, [...command, ...args], {
      env: { ...environment(image, user, 'data'), TMPDIR: join(root, 'tmp'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    tmp: join(root, 'tmp'),
    data: join(root, 'data'),
    path,
    start: (args, env = {}) => launch([...entry, ...args], env),
    async run(args, env = {}) {
      const child = launch(args, env);
      let stdout = '';
      let stderr = '';
      child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk));
      child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
      const [code] = await inTime(`the end of ${args.join(' ')}`, once(child, 'close'));
      return { code, stdout, stderr };
    },
    remove,
  };
}
