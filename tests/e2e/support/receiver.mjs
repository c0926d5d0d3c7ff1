// An HTTP receiver on this machine that plays a course platform, and fails as it is told. What it did stands in a ledger
// by key, so that a test counts what was applied, not what was answered.
import http from 'node:http';

/**
 * What the next call meets. Those with `after` in the name apply it first: the caller cannot know.
 * ok, 500, 500_after, 503, 429, 429_retry (Retry-After: 7), 503_retry, slow_after (answers never), drip_200 (a byte at a
 * time, never whole), reset_before, reset_after, reset_mid (in the middle of its answer), error_200 (200 with an error in its
 * body), html_200 (200 that is no JSON), short_200 (fewer bytes than it says), long_200 (more bytes than it says), not_http,
 * 401, 403, 422, 302 and 307 (to `elsewhere`).
 */
export const FAULTS = ['ok', '500', '500_after', '503', '429', '429_retry', '503_retry', 'slow_after', 'drip_200', 'reset_before',
    'reset_after', 'reset_mid', 'error_200', 'html_200', 'short_200', 'long_200', 'not_http', '401', '403', '422', '302', '307'];

const APPLIES = new Set(['ok', '500_after', 'slow_after', 'drip_200', 'reset_after', 'reset_mid', 'html_200', 'short_200', 'long_200', 'not_http']);

/** Answers that no server of node would write, byte by byte. */
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:';
const RAW = {
    short_200: (socket) => socket.end(`${HEAD} 900\r\n\r\n{"ok":true`),
    long_200: (socket) => socket.end(`${HEAD} 6\r\n\r\n{"ok":true}`),
    not_http: (socket) => socket.end('220 mail.example.com ESMTP\r\n'),
    reset_mid: (socket) => socket.write(`${HEAD} 900\r\n\r\n{"ok":true`, () => setTimeout(() => socket.resetAndDestroy(), 50)),
    drip_200: (socket) => {
        socket.write(`${HEAD} 900\r\n\r\n`);
        const drip = setInterval(() => socket.write(' '), 50);
        socket.on('close', () => clearInterval(drip));
    },
};

export class Receiver {
    /** t is the test, which ends it. accepts(headers): whether the caller is signed in; elsewhere: where 302 leads. What is
     * done is answered after `delay` milliseconds. */
    static async serve(t, { accepts = () => true, elsewhere = '' } = {}) {
        const receiver = new Receiver();
        Object.assign(receiver, { accepts, elsewhere, delay: 0, faults: [], seen: [], ledger: new Map(), members: new Map(), open: new Set() });
        const server = http.createServer((request, answer) => receiver.hear(request, answer));
        server.on('connection', (socket) => {
            receiver.open.add(socket);
            socket.on('close', () => receiver.open.delete(socket));
            socket.on('error', () => {});
        });
        await new Promise((done) => server.listen(0, '127.0.0.1', done));
        receiver.port = server.address().port;
        receiver.url = `http://127.0.0.1:${receiver.port}`;
        t.after(() => {
            receiver.open.forEach((socket) => socket.destroy());
            return new Promise((done) => server.close(done));
        });
        return receiver;
    }

    /** The next calls meet these, then all is well again. */
    next(...faults) {
        this.faults.push(...faults);
    }

    /** How often the call of this key was applied. */
    applied(key) {
        return this.ledger.get(key) ?? 0;
    }

    hear(request, answer) {
        const chunks = [];
        request.on('data', (bytes) => chunks.push(bytes));
        request.on('error', () => {});
        request.on('end', () => {
            const call = { method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() };
            this.seen.push(call);
            const fault = this.faults.shift() ?? 'ok';
            if (!this.accepts(request.headers)) return say(answer, 401, { error: 'who are you' });
            const done = APPLIES.has(fault) ? this.apply(call) : null;
            setTimeout(() => this.answer(request, answer, fault, done), this.delay);
        });
    }

    /** Does it, once for a key; what it answers then. */
    apply({ method, url, headers }) {
        const key = headers['idempotency-key'] ?? headers['x-request-key'];
        const [, email, course] = url.match(/^\/members\/([^/]+)(?:\/courses(?:\/([^/]+))?)?$/)?.map((part) => part && decodeURIComponent(part)) ?? [];
        const courses = this.members.get(email) ?? new Set();
        if (method === 'GET') {
            return this.members.has(email) ? [200, { email, courses: [...courses] }] : [404, { error: 'nobody' }];
        }
        if (key === undefined || !this.ledger.has(key)) {
            if (method === 'PUT') courses.add(course);
            if (method === 'DELETE') courses.clear();
            this.members.set(email, courses);
            if (key !== undefined) this.ledger.set(key, this.applied(key) + 1);
        }
        return [200, { ok: true }];
    }

    answer(request, answer, fault, done) {
        const said = {
            500: [500, { error: 'broken' }], '500_after': [500, { error: 'broken' }], 401: [401, { error: 'expired' }], 403: [403, { error: 'scope' }],
            503: [503, { error: 'busy' }], 422: [422, { error: 'no such course' }], 429: [429, {}], '429_retry': [429, {}, { 'retry-after': '7' }],
            '503_retry': [503, {}, { 'retry-after': '3' }], 302: [302, {}, { location: this.elsewhere }], 307: [307, {}, { location: this.elsewhere }],
            error_200: [200, { ok: false, error: 'no such course' }], ok: done,
        }[fault];
        if (said) return say(answer, ...said);
        if (fault === 'slow_after') return undefined;
        if (fault === 'html_200') return answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome back</html>');
        return RAW[fault] ? RAW[fault](request.socket) : request.socket.resetAndDestroy();
    }
}

function say(answer, status, body, headers = {}) {
    answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
