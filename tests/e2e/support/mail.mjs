// A real mail server on this machine: STARTTLS with a certificate of an authority made for the test, and AUTH.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {SMTPServer} from 'smtp-server';

/** Makes an authority and a certificate for localhost; answers the paths of its files. */
export function makeCertificates(folder) {
    const file = (name) => path.join(folder, name);
    const openssl = (...words) => execFileSync('openssl', words, {stdio: 'pipe'});
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-subj', '/CN=Test authority', '-days', '2');
    openssl('req', ...key, '-keyout', file('mail.key'), '-out', file('mail.csr'), '-subj', '/CN=localhost');
    fs.writeFileSync(file('mail.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    openssl('x509', '-req', '-in', file('mail.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial',
        '-out', file('mail.pem'), '-days', '2', '-extfile', file('mail.ext'));
    return {ca: file('ca.pem'), cert: fs.readFileSync(file('mail.pem')), key: fs.readFileSync(file('mail.key'))};
}

export const USER = 'handrail';
export const PASSWORD = 'mail password of the test';

/**
 * Serves mail; t is the test, which ends it. refuse(mail) may answer an error with a responseCode for a message, or
 * 'vanish': the connection dies when the whole message was read and before it is answered. hideSMTPUTF8: it takes no
 * addresses beyond ASCII. refuseRecipient(address) may answer such an error, too. What is answered has `accept(password)`:
 * from then on that password alone lets in.
 */
export async function serveMail(t, {folder, refuse = () => null, refuseRecipient = () => null, password = PASSWORD, hideSMTPUTF8 = false}) {
    const certificates = makeCertificates(folder);
    const mails = [];
    let accepted = password;
    const server = new SMTPServer({
        cert: certificates.cert,
        key: certificates.key,
        hideSMTPUTF8,
        authMethods: ['PLAIN', 'LOGIN'],
        onAuth: (auth, session, done) =>
            session.secure && auth.username === USER && auth.password === accepted
                ? done(null, {user: USER})
                : done(new Error('wrong user or password')),
        onData: (stream, session, done) => {
            const chunks = [];
            stream.on('data', (bytes) => chunks.push(bytes));
            stream.on('end', () => {
                const mail = {
                    raw: Buffer.concat(chunks).toString('utf8'),
                    to: session.envelope.rcptTo.map((one) => one.address),
                    from: session.envelope.mailFrom.address,
                    secure: session.secure,
                    user: session.user,
                };
                mails.push(mail);
                const answer = refuse(mail, mails.length);
                if (answer === 'vanish') {
                    for (const connection of server.connections) connection._socket.destroy();
                    return;
                }
                done(answer);
            });
        },
        onRcptTo: (address, session, done) => done(refuseRecipient(address.address)),
    });
    server.on('error', () => {}); // a connection that broke is the other side's story
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    t.after(() => new Promise((done) => server.close(done)));
    const {port} = server.server.address();
    return {
        mails,
        port,
        accept: (other) => (accepted = other),
        ca: certificates.ca,
        settings:
            `mail:\n  host: localhost\n  port: ${port}\n  tls: required\n  user: ${USER}\n  password: mail_secret\n` +
            `  ca_file: ${certificates.ca}\n  from: handrail@bright.example.com\n`,
        secrets: {mail_secret: password},
    };
}

/** Headers (names in lower case) and text of a message. */
export function readMail(raw) {
    const [head, ...rest] = raw.split('\r\n\r\n');
    const headers = {};
    for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
        const at = line.indexOf(':');
        headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
    }
    let text = rest.join('\r\n\r\n');
    if (/quoted-printable/i.test(headers['content-transfer-encoding'] ?? '')) {
        const bytes = text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
        text = Buffer.from(bytes, 'latin1').toString('utf8');
    }
    if (/base64/i.test(headers['content-transfer-encoding'] ?? '')) {
        text = Buffer.from(text, 'base64').toString('utf8');
    }
    return {headers, text};
}

/** An error that the server answers a message with. */
export function smtpError(code, text) {
    return Object.assign(new Error(text), {responseCode: code});
}
