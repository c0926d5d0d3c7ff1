// Completions in the shells themselves: bash and zsh at a terminal with the Tab key, fish by its own engine. A shell that
// is not there is skipped, and says so.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {program, sleep} from './support/daemon.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = path.join(root, 'examples/coaching');
const env = {...process.env, PATH: `${path.dirname(program)}:${process.env.PATH}`, HANDRAIL_DIR: '', HANDRAIL_TOKEN: '', TERM: 'xterm'};

const has = (shell) => spawnSync(shell, ['--version'], {encoding: 'utf8'}).status === 0;

const ask = (...words) => {
    const done = spawnSync(program, ['completion', 'words', '--', ...words], {cwd: example, env, encoding: 'utf8'});
    assert.equal(done.status, 0, done.stderr);
    return done.stdout.split('\n').slice(0, -1).map((line) => line.split('\t')[0]);
};

/** What is typed, and what the Tab key makes of it. */
const cases = [
    ['handrail expl', 'handrail explain '],
    ['handrail exceptions ass', 'handrail exceptions assign '],
    ['handrail exceptions assign H-1 pri', 'handrail exceptions assign H-1 priya '],
    ['handrail path show form_to_m', 'handrail path show form_to_member '],
    ['handrail why ada@example.com course_', 'handrail why ada@example.com course_access '],
    ['handrail check --sar', 'handrail check --sarif '],
    ['handrail exceptions ls --state=reso', 'handrail exceptions ls --state=resolved '],
    ['handrail exceptions ls --state snoo', 'handrail exceptions ls --state snoozed '],
    ['handrail explain E011', null, ['E0110', 'E0119']],
    ['handrail fmt contac', 'handrail fmt contacts.yaml '],
    ['handrail init --example coa', 'handrail init --example coaching '],
];

test('the program itself knows what may follow', () => {
    assert.ok(ask('').includes('check') && ask('').includes('exceptions'));
    assert.equal(new Set(ask('')).size, ask('').length, 'a group is named once');
    assert.deepEqual(ask('path', ''), ['show']);
    assert.deepEqual(ask('why', '--not', 'pay'), ['payment_to_access']);
    assert.deepEqual(ask('send', 'check'), ['checkout']);
    assert.deepEqual(ask('send', 'checkout', ''), [':files']);
    assert.deepEqual(ask('send', 'checkout', 'x.csv', '--type', 'form'), ['form.submitted']);
    assert.deepEqual(ask('secret', 'set', 'form'), ['form_secret']);
    assert.deepEqual(ask('message', 'preview', 'lead'), ['lead_nudge', 'lead_welcome']);
    assert.deepEqual(ask('check', '--f'), ['--fix']);
    assert.deepEqual(ask('exceptions', 'ls', '--state=o'), ['--state=open']);
    assert.deepEqual(ask('explain', 'W011').slice(0, 2), ['W0110', 'W0111']);
    assert.deepEqual(ask('exceptions', 'show', ''), [], 'issues are asked of the store, which Tab leaves alone');
    assert.deepEqual(ask('nonsense', ''), []);
    assert.deepEqual(ask('--dir', example, 'token', 'add', 'd'), ['dan']);
});

test('ids are offered while a file has errors', (t) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-complete-'));
    t.after(() => fs.rmSync(folder, {recursive: true, force: true}));
    fs.writeFileSync(path.join(folder, 'people.yaml'), 'people:\n  maya: {naame: Maya}\n');
    fs.writeFileSync(path.join(folder, 'broken.yaml'), 'paths: [\n');
    assert.deepEqual(ask('--dir', folder, 'token', 'add', ''), ['maya']);
    fs.writeFileSync(path.join(folder, 'tools.yaml'), 'tools:\n  shop: {events: [order.paid, {x: 1}, order.refunded]}\n  till: {events: {till.opened: {}}}\n');
    fs.mkdirSync(path.join(folder, 'messages'));
    fs.writeFileSync(path.join(folder, 'messages/thanks.md'), 'no head yet');
    assert.deepEqual(ask('--dir', folder, 'send', 'shop', 'x.json', '--type', ''), ['order.paid', 'order.refunded', 'till.opened']);
    assert.deepEqual(ask('--dir', folder, 'message', 'preview', ''), ['thanks']);
});

/** A shell at a terminal; type() answers what the screen shows behind the last prompt, once it is quiet. */
class Terminal {
    constructor(command) {
        this.child = spawn('script', ['-qfec', command, '/dev/null'], {cwd: example, env});
        this.screen = '';
        for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (bytes) => (this.screen += bytes));
    }

    async until(what, seconds = 20) {
        const end = Date.now() + seconds * 1000;
        while (!what(this.screen)) {
            assert.ok(Date.now() < end, `the terminal shows ${JSON.stringify(this.screen)}`);
            await sleep(20);
        }
    }

    async type(keys, what) {
        this.screen = '';
        this.child.stdin.write(keys);
        await this.until(what);
        return this.screen;
    }

    async close() {
        const gone = new Promise((done) => this.child.once('exit', done));
        this.child.stdin.end('\x03exit\n');
        const late = setTimeout(() => this.child.kill('SIGKILL'), 5000);
        await gone;
        clearTimeout(late);
    }
}

// eslint-disable-next-line no-control-regex
const plain = (screen) => screen.replace(/\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|[\r\x00\x07\x08]/g, '');

async function tryKeys(terminal) {
    for (const [typed, becomes, listed] of cases) {
        if (becomes !== null) {
            const rest = becomes.slice(typed.length);
            await terminal.type(`${typed}\t`, (screen) => plain(screen).includes(`${typed}${rest.trimEnd()}`));
        } else {
            await terminal.type(`${typed}\t\t`, (screen) => listed.every((each) => plain(screen).includes(each)));
        }
        await terminal.type('\x15\n', (screen) => screen.includes('ready>')); // an empty line
    }
}

for (const [shell, command, setup] of [
    ['bash', 'bash --norc --noprofile -i', `bind 'set bell-style none'; PS1='rea''dy>'; source <(handrail completion bash)\n`],
    ['zsh', 'zsh -f -i', `unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; PS1='rea''dy>'; source <(handrail completion zsh)\n`],
]) {
    test(`${shell} completes with the Tab key`, {skip: has(shell) && has('script') ? false : `${shell} or script is not there`}, async (t) => {
        const terminal = new Terminal(command);
        t.after(() => terminal.close());
        await terminal.type(setup, (screen) => screen.includes('ready>'));
        await tryKeys(terminal);
    });
}

test('fish completes', {skip: has('fish') ? false : 'fish is not there'}, (t) => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-fish-'));
    t.after(() => fs.rmSync(home, {recursive: true, force: true}));
    for (const [typed, becomes, listed] of cases) {
        const script = `handrail completion fish | source; complete -C ${JSON.stringify(typed)}`;
        const done = spawnSync('fish', ['--no-config', '-c', script], {cwd: example, env: {...env, HOME: home}, encoding: 'utf8'});
        assert.equal(done.status, 0, done.stderr);
        const offered = done.stdout.split('\n').map((line) => line.split('\t')[0]);
        for (const each of listed ?? [becomes.trimEnd().split(' ').at(-1)]) {
            assert.ok(offered.includes(each), `${typed}: ${done.stdout}${done.stderr}`);
        }
    }
});
