// The guide tells the truth: every command in a ```console block of docs/guide/ is run, page by page, in
// a new folder, and says what the page says it does. Times, ages, ports, tokens, names made anew are not compared; a
// line "..." in a page stands for any lines. UPDATE=1 writes what was said into the pages instead.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { same } from './support/said.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.resolve(root, process.env.HANDRAIL ?? path.join(root, 'build/release/handrail'));
const guide = path.join(root, 'docs/guide');
const MARK = 'guide-step-ended';

/** The commands of a page, each with the lines that the page says come out. */
function commandsOf(lines) {
    const commands = [];
    let inside = false;
    lines.forEach((line, at) => {
        if (line.startsWith('```')) {
            inside = line === '```console';
        } else if (inside && line.startsWith('$ ')) {
            commands.push({ at, text: line.slice(2), said: [], end: at + 1 });
        } else if (inside && line.startsWith('> ') && commands.at(-1).said.length === 0) {
            commands.at(-1).text += `\n${line.slice(2)}`;
            commands.at(-1).end = at + 1;
        } else if (inside && commands.length > 0) {
            commands.at(-1).said.push(line);
            commands.at(-1).end = at + 1;
        }
    });
    return commands;
}

async function freePort() {
    const server = net.createServer();
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

/** One shell for one page: run() answers what a command wrote and its exit code. */
class Shell {
    constructor(folder, port, automates) {
        this.folder = folder;
        this.port = port;
        this.text = '';
        const env = { ...process.env, PATH: `${path.dirname(program)}:${process.env.PATH}`, NO_COLOR: '1', HANDRAIL_DIR: '' };
        env.HOME = folder; // the keys of secrets are made there
        if (automates) env.HANDRAIL_TEST_AUTOMATES = '1'; // until the daemon carries them out (docs/decisions/0037)
        for (const name of Object.keys(env)) if (/^(HANDRAIL_(TOKEN|KEY_FILE|SECRET_)|XDG_)/.test(name)) delete env[name];
        this.bash = spawn('bash', ['--norc'], { cwd: folder, env, detached: true });
        this.bash.stdout.setEncoding('utf8').on('data', (data) => { this.text += data; });
        this.bash.stdin.write('exec 2>&1\n');
    }

    async run(command) {
        const ours = command.replaceAll('8080', String(this.port));
        this.text = '';
        if (/^handrail (exceptions|doctor|verify)/.test(ours)) { // alerts go out beside
            await new Promise((done) => setTimeout(done, process.env.HANDRAIL_SANITIZED ? 1500 : 400));
        }
        if (/^handrail serve\b.*&$/.test(ours)) {
            const inner = ours.replace(/\s*&$/, ` --port ${this.port}`);
            this.bash.stdin.write(`>serve.out; ${inner} >>serve.out 2>&1 & for i in $(seq 200); do grep -q serves serve.out && break; sleep 0.1; done; cat serve.out\n`);
        } else {
            this.bash.stdin.write(`${ours}\n`);
        }
        this.bash.stdin.write(`echo "${MARK} $?"\n`);
        const end = Date.now() + 60_000;
        let found = null;
        while ((found = this.text.match(new RegExp(`${MARK} (\\d+)\\n`))) === null) {
            assert.ok(Date.now() < end && this.bash.exitCode === null, `no end of: ${command}\n${this.text}`);
            await new Promise((done) => setTimeout(done, 20));
        }
        const lines = this.text.slice(0, found.index).replaceAll(String(this.port), '8080').split('\n');
        lines.pop();
        return { code: Number(found[1]), lines };
    }

    async close() {
        const gone = new Promise((done) => this.bash.on('exit', done));
        this.bash.stdin.write('kill $(jobs -p) 2>/dev/null; wait; exit 0\n');
        const late = setTimeout(() => process.kill(-this.bash.pid, 'SIGKILL'), 20_000);
        await gone;
        clearTimeout(late);
    }
}

const pages = fs.readdirSync(guide).filter((name) => name.endsWith('.md')).map((name) => path.join(guide, name));
for (const page of pages) {
    const name = path.relative(root, page);
    test(`${name} says what happens`, async (t) => {
        const lines = fs.readFileSync(page, 'utf8').split('\n');
        const commands = commandsOf(lines);
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-guide-'));
        const shell = new Shell(folder, await freePort(), name.endsWith('automations.md'));
        t.after(async () => {
            await shell.close();
            fs.rmSync(folder, { recursive: true, force: true });
        });
        const wrong = [];
        const written = [];
        let copied = 0;
        for (const command of commands) {
            const { lines: said } = await shell.run(command.text);
            if (!same(command.said, said)) {
                wrong.push(`${name}:${command.at + 1}: $ ${command.text}\n${said.join('\n')}`);
            }
            const head = command.end - command.said.length;
            written.push(...lines.slice(copied, head), ...(command.said.includes('...') ? command.said : said));
            copied = command.end;
        }
        if (process.env.UPDATE) {
            fs.writeFileSync(page, [...written, ...lines.slice(copied)].join('\n'));
            return;
        }
        assert.ok(commands.length > 0, `${name} shows no command`);
        assert.equal(wrong.length, 0, `these say something else now:\n${wrong.join('\n\n')}`);
    });
}

test('the workspace in README.md is one, without a warning', (t) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-readme-'));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    const [, files] = fs.readFileSync(path.join(root, 'README.md'), 'utf8').match(/```yaml\n([^]*?)```/);
    fs.writeFileSync(path.join(folder, 'handrail.yaml'), files);
    const done = spawnSync(program, ['check', folder], { encoding: 'utf8' });
    assert.match(done.stdout, /^0 errors, 0 warnings in 1 file/, done.stdout + done.stderr);
});

test('README.md names every command, and the limit that the guide names', () => {
    const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
    const { verbs } = JSON.parse(spawnSync(program, ['help', '--json'], { encoding: 'utf8' }).stdout);
    const left = verbs.map(({ verb }) => verb).filter((verb) => !readme.includes(`\`${verb}\``) && !readme.includes(`\`${verb.split(' ')[0]}\``));
    assert.deepEqual(left, []);
    const guide = fs.readFileSync(path.join(root, 'docs/guide/workspace-files.md'), 'utf8');
    const [, limit] = readme.match(/a workspace at most (\d+) files/);
    assert.match(guide, new RegExp(`\\b${limit} (\\*\\.yaml |workspace )?files`));
});
