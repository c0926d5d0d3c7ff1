// Bytes on a connection, for what no HTTP client would send.
import net from 'node:net';

/** Sends bytes and answers all that comes back until the other side closes, or `enough` says so, or time is over. */
export function exchange(port, bytes, {seconds = 15, from = '127.0.0.1', enough = () => false, end = false} = {}) {
    return new Promise((done) => {
        const socket = net.connect({host: '127.0.0.1', port, localAddress: from});
        let heard = '';
        let closed = false;
        const finish = () => {
            clearTimeout(timer);
            socket.destroy();
            done({text: heard, closed, answers: answersIn(heard)});
        };
        const timer = setTimeout(finish, seconds * 1000);
        socket.setEncoding('latin1');
        socket.on('connect', () => {
            socket.write(bytes);
            if (end) socket.end();
        });
        socket.on('data', (text) => {
            heard += text;
            if (enough(heard)) finish();
        });
        socket.on('error', () => {});
        socket.on('close', () => {
            closed = true;
            finish();
        });
    });
}

/** The answers in a stream of them: [{status, headers, body}]. */
export function answersIn(stream) {
    const answers = [];
    let rest = stream;
    for (;;) {
        const end = rest.indexOf('\r\n\r\n');
        if (end < 0) return answers;
        const [first, ...lines] = rest.slice(0, end).split('\r\n');
        const headers = Object.fromEntries(lines.map((line) => [line.split(':')[0].toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
        const size = Number(headers['content-length'] ?? 0);
        answers.push({status: Number(first.split(' ')[1]), headers, body: rest.slice(end + 4, end + 4 + size)});
        rest = rest.slice(end + 4 + size);
    }
}

/** The bytes of a signed message as a request. */
export function requestOf(tool, {body, headers}, more = '') {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return `POST /v1/in/${tool} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${lines}` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;
}

/** Opens a connection and leaves it open. */
export function open(port, from = '127.0.0.1') {
    return new Promise((done) => {
        const socket = net.connect({host: '127.0.0.1', port, localAddress: from});
        socket.heard = '';
        socket.over = false;
        socket.setEncoding('latin1');
        socket.on('data', (text) => (socket.heard += text));
        socket.on('error', () => {});
        socket.on('close', () => {
            socket.over = true;
            done(socket);
        });
        socket.on('connect', () => done(socket));
    });
}
