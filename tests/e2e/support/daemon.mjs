// A workspace in a folder of its own, and the real program serving it.
//
// HANDRAIL names the program (default build/release/handrail). Under HANDRAIL_SANITIZED everything is slower, and a
// word of a sanitizer in what the program says fails the test.
import assert from 'node:assert/strict';
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {SECRETS} from './shop.mjs';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const program = path.resolve(root, process.env.HANDRAIL ?? 'build/release/handrail');
/** The folder of the build, with the programs in tests/ that help these tests. */
export const build = path.resolve(root, process.env.HANDRAIL_BUILD ?? path.dirname(program));
export const sanitized = Boolean(process.env.HANDRAIL_SANITIZED);

// The keys of all workspaces that this process makes, and no secret from outside.
process.env.XDG_CONFIG_HOME = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-e2e-config-'));
process.on('exit', () => fs.rmSync(process.env.XDG_CONFIG_HOME, {recursive: true, force: true}));
for (const name of Object.keys(process.env)) if (/^HANDRAIL_(SECRET_|KEY_FILE)/.test(name)) delete process.env[name];

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks again until the answer is true (or anything that is), and gives it back. */
export async function until(what, ask, seconds = 15) {
    const end = Date.now() + seconds * 1000 * (sanitized ? 3 : 1);
    let last;
    while (Date.now() < end) {
        last = await ask();
        if (last) return last;
        await sleep(50);
    }
    assert.fail(`${what}: not within ${seconds} s; last: ${JSON.stringify(last)}`);
}

async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const {port} = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

export class Daemon {
    /**
     * A new workspace: the coaching example with changes.
     * change: {file: [[from, to], ...]}; settings: further lines of settings.yaml; secrets: further {name: value}, in
     * the environment of the daemon and its commands, or with `sealed` in the sealed file; folder: where (default: a
     * new one below the temporary folder).
     */
    static async make({change = {}, settings = '', secrets = {}, sealed = false, folder} = {}) {
        const base = folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-e2e-'));
        const daemon = new Daemon();
        daemon.base = base;
        daemon.folder = path.join(base, 'workspace');
        daemon.data = path.join(daemon.folder, '.handrail');
        daemon.port = await freePort();
        daemon.output = '';
        daemon.outside = {};
        const said = execFileSync(program, ['init', '--example', 'coaching', daemon.folder], {encoding: 'utf8', env: daemon.env(), stdio: 'pipe'});
        daemon.token = said.match(/hrt_[A-Za-z0-9_-]+/)?.[0];
        assert.ok(daemon.token, `init prints the first token once: ${said}`);
        daemon.change(change);
        for (const [name, value] of Object.entries({...SECRETS, ...secrets})) {
            if (value === '') {
                assert.equal(daemon.run('secret', 'rm', name).code, 0);
            } else if (sealed) {
                assert.equal((await daemon.runLive(['secret', 'set', name, '--replace'], value)).code, 0);
            } else {
                daemon.outside[`HANDRAIL_SECRET_${name.toUpperCase()}`] = value;
            }
        }
        fs.writeFileSync(path.join(daemon.data, 'settings.yaml'), `listen: 127.0.0.1\nport: ${daemon.port}\n${settings}`);
        return daemon;
    }

    /** Makes one and serves; t is the test, which ends it. */
    static async serve(t, options = {}) {
        const daemon = await Daemon.make(options);
        t.after(() => daemon.end());
        await daemon.start();
        return daemon;
    }

    env() {
        return {...process.env, ...this.outside, HANDRAIL_TOKEN: this.token ?? '', HANDRAIL_DIR: ''};
    }

    /** Changes workspace files; each change must find what it replaces. */
    change(change) {
        for (const [name, pairs] of Object.entries(change)) {
            const file = path.join(this.folder, name);
            let text = fs.readFileSync(file, 'utf8');
            for (const [from, to] of pairs) {
                assert.ok(text.includes(from), `${name} has ${from}`);
                text = text.replaceAll(from, to);
            }
            fs.writeFileSync(file, text);
        }
    }

    async start() {
        const child = spawn(program, ['serve', '--dir', this.folder], {stdio: ['ignore', 'pipe', 'pipe'], env: this.env()});
        this.child = child;
        this.ended = new Promise((done) => child.once('exit', (code, signal) => done({code, signal})));
        const hear = (bytes) => (this.output += bytes);
        child.stdout.on('data', hear);
        child.stderr.on('data', hear);
        let over = null;
        this.ended.then((how) => (over = how));
        await until('the daemon is there', async () => {
            assert.equal(over, null, `the daemon ended: ${this.output}`);
            return fetch(this.url('/v1/health')).then(async (said) => (await said.json()).status !== 'starting', () => false);
        }, 20);
        assert.ok(fs.existsSync(path.join(this.data, 'daemon.json')), 'who is healthy can be found');
    }

    /** Asks it to stop, and sees that it did so in order. */
    async stop() {
        if (!this.child) return;
        this.child.kill('SIGTERM');
        const late = setTimeout(() => this.child.kill('SIGKILL'), 60_000);
        const {code, signal} = await this.ended;
        clearTimeout(late);
        this.child = null;
        assert.doesNotMatch(this.output, /Sanitizer|runtime error|a bug:/);
        assert.deepEqual({code, signal}, {code: 0, signal: null}, this.output);
    }

    async kill() {
        this.child.kill('SIGKILL');
        await this.ended;
        this.child = null;
    }

    async end() {
        try {
            await this.stop();
        } finally {
            if (!process.env.HANDRAIL_KEEP) fs.rmSync(this.base, {recursive: true, force: true});
        }
    }

    url(where) {
        return `http://127.0.0.1:${this.port}${where}`;
    }

    /** Posts a signed message as a tool. */
    post(tool, {body, headers}) {
        return fetch(this.url(`/v1/in/${tool}`), {method: 'POST', body, headers: {'content-type': 'application/json', ...headers}});
    }

    /** Posts one and sees that it was taken as new. */
    async tell(tool, message) {
        const answer = await this.post(tool, message);
        const text = await answer.text();
        assert.equal(answer.status, 200, text);
        assert.deepEqual(JSON.parse(text), {accepted: 1, duplicates: 0});
    }

    async api(method, where, body) {
        const answer = await fetch(this.url(where), {
            method,
            headers: {authorization: `Bearer ${this.token}`, ...(body ? {'content-type': 'application/json'} : {})},
            body: body ? JSON.stringify(body) : undefined,
        });
        const text = await answer.text();
        assert.ok(answer.ok, `${method} ${where}: ${answer.status} ${text}`);
        return JSON.parse(text);
    }

    get(where) {
        return this.api('GET', where);
    }

    figures() {
        return this.get('/v1/figures');
    }

    /** The newest position, when nothing is going on any more: no timer, no alert. */
    async settled() {
        let last = -1;
        let since = 0;
        return until('it comes to rest', async () => {
            const {position} = await this.figures();
            since = position === last ? since : Date.now();
            last = position;
            return Date.now() - since > 400 && position;
        });
    }

    async issues(state = 'open') {
        return (await this.get(`/v1/issues?state=${state}`)).issues;
    }

    contact(email) {
        return this.get(`/v1/contacts/${encodeURIComponent(email)}`);
    }

    /** Runs a command on this workspace; answers {code, out, err}. */
    run(...words) {
        const done = spawnSync(program, ['--dir', this.folder, ...words], {encoding: 'utf8', env: this.env(), maxBuffer: 1 << 28});
        assert.doesNotMatch(done.stderr, /Sanitizer|runtime error|a bug:/);
        return {code: done.status, out: done.stdout, err: done.stderr};
    }

    /** The same while something in this process has to answer it; input is its stdin. */
    async runLive(words, input = '') {
        const child = spawn(program, ['--dir', this.folder, ...words], {env: this.env()});
        const said = {code: 0, out: '', err: ''};
        child.stdout.on('data', (bytes) => (said.out += bytes));
        child.stderr.on('data', (bytes) => (said.err += bytes));
        child.stdin.end(input);
        said.code = await new Promise((done) => child.once('close', done));
        assert.doesNotMatch(said.err, /Sanitizer|runtime error|a bug:/);
        return said;
    }

    /** What the record must still be when all is over. */
    assertVerifies() {
        const {code, out, err} = this.run('verify');
        assert.equal(code, 0, out + err);
    }
}

/** A problem document (RFC 9457) of this status and code. */
export async function assertProblem(answer, status, code) {
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
    const problem = JSON.parse(text);
    assert.match(problem.code, /^E\d{4}$/);
    if (code) assert.equal(problem.code, code, text);
    return problem;
}
