import { join } from 'node:path';
import { build } from 'vite';
import { packageRoot } from '../../src/lib/package-root.ts';

const folder = join(packageRoot, 'bench', 'dist');

/** The programs that run as processes of their own: those of this folder, and the product itself. */
const programs = {
  'lean-discord': join(packageRoot, 'bench', 'scan', 'lean-discord.ts'),
  'crawl-process': join(packageRoot, 'bench', 'scan', 'crawl-process.ts'),
  'growth-process': join(packageRoot, 'bench', 'scan', 'growth-process.ts'),
  'walk-process': join(packageRoot, 'bench', 'scan', 'walk-process.ts'),
  'memory-probe': join(packageRoot, 'bench', 'scan', 'memory-probe.ts'),
  main: join(packageRoot, 'src', 'main.ts'),
};

let built: Promise<string> | undefined;

/** Builds them once, with the settings of the product's build. Answers the folder in which they lie. */
export function builtPrograms(): Promise<string> {
  built ??= build({
    configFile: false,
    root: packageRoot,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      sourcemap: true,
      outDir: folder,
      emptyOutDir: true,
      rollupOptions: { input: programs, output: { entryFileNames: '[name].js' } },
    },
  }).then(() => folder);
  return built;
}
