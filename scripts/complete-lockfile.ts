/**
 * Completes package-lock.json with optional platform packages that the registry at hand did not have when it was made.
 * npm 11 refuses a lock file in which one is missing, even for a platform that nobody here uses. Run it after every
 * `npm install` that changed the lock file; test/docs/lockfile.test.ts fails when it was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/lib/package-root.ts';

type LockedPackage = {
  version: string;
  dev?: boolean;
  optionalDependencies?: Record<string, string>;
};

const path = join(packageRoot, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockedPackage> };

for (const { dev, optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    // Only exact versions: those are a package's own builds for other platforms.
    if (!/^\d/.test(version)) continue;
    lock.packages[`node_modules/${name}`] ??= {
      version,
      ...platformOf(name),
      ...(dev ? { dev } : {}),
      ...{ optional: true },
    };
  }
}
const [root, ...others] = Object.entries(lock.packages);
if (root) lock.packages = Object.fromEntries([root, ...others.sort(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);

/** `@scope/name-linux-arm64-musl` → what its own package.json says of os, cpu and libc. */
function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const words = name.split('-');
  const os = words.find((word) =>
    /^(android|darwin|freebsd|linux|netbsd|openbsd|win32|sunos|aix|openharmony)$/.test(word),
  );
  const cpu = words.find((word) =>
    /^(arm|arm64|ia32|x64|wasm32|ppc64|s390x|riscv64|loong64|mips64el)$/.test(word),
  );
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return { ...(os ? { os: [os] } : {}), ...(cpu ? { cpu: [cpu] } : {}), ...(libc ? { libc: [libc] } : {}) };
}
