// A full disk: intake stops, truth does not. Needs root, for a small disk of its own.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {assertProblem, Daemon, sleep, until} from './support/daemon.mjs';
import {access, form, payment} from './support/shop.mjs';

/** A daemon on a small disk of its own, or null where none may be mounted. */
async function serveOnSmallDisk(t, megabytes = 24) {
    const disk = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-disk-'));
    try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'handrail-test', disk], {stdio: 'pipe'});
    } catch {
        fs.rmdirSync(disk);
        t.skip('SKIP full disk: no file system may be mounted here');
        return null;
    }
    let daemon;
    t.after(async () => {
        await daemon?.end();
        execFileSync('umount', ['-l', disk]);
        fs.rmdirSync(disk);
    });
    const folder = path.join(disk, 'shop');
    fs.mkdirSync(folder);
    daemon = await Daemon.make({folder});
    await daemon.start();
    return {daemon, disk};
}

const ballast = (disk) => path.join(disk, 'ballast');

/** Writes until not a byte more goes in. */
function fill(disk) {
    const file = fs.openSync(ballast(disk), 'a');
    for (const size of [1 << 20, 4096, 1]) {
        const bytes = Buffer.alloc(size);
        try {
            for (;;) if (fs.writeSync(file, bytes) === 0) break;
        } catch (error) {
            assert.equal(error.code, 'ENOSPC');
        }
    }
    fs.closeSync(file);
}

/** Sends new messages until one is refused; keeps those that were acknowledged. */
async function sendUntilFull(daemon, acknowledged, prefix) {
    for (let i = 0; i < 20_000; i++) {
        const message = form(`${prefix}${i}@example.com`);
        const answer = await daemon.post('website_form', message);
        if (answer.status !== 200) return answer;
        await answer.text();
        acknowledged.push(message);
    }
    return assert.fail('the disk never got full');
}

/** Each acknowledged message is there: sent again, it is a duplicate. */
async function assertAllThere(daemon, acknowledged) {
    for (const message of acknowledged) {
        const answer = await daemon.post('website_form', message);
        assert.deepEqual([answer.status, await answer.text()], [200, '{"accepted":0,"duplicates":1}\n']);
    }
}

test('a full disk stops intake and nothing else, and it goes on by itself', async (t) => {
    const made = await serveOnSmallDisk(t);
    if (!made) return;
    const {daemon, disk} = made;
    const acknowledged = [];
    for (let i = 0; i < 50; i++) {
        const message = form(`early${i}@example.com`);
        await daemon.tell('website_form', message);
        acknowledged.push(message);
    }
    for (let round = 0; round < 3; round++) {
        fill(disk);
        const refused = await sendUntilFull(daemon, acknowledged, `round${round}x`);
        assert.ok(Number(refused.headers.get('retry-after')) >= 1, 'it says when to come again');
        await assertProblem(refused, 503);
        for (let i = 0; i < 20; i++) {
            const again = await daemon.post('website_form', form(`full${i}@example.com`));
            assert.equal(again.status, 503);
            await again.text();
        }
        const health = await fetch(daemon.url('/v1/health'));
        assert.equal(health.status, 503, 'health says that intake is closed');
        assert.equal((await daemon.contact('early0@example.com')).handoffs.length > 0, true, 'reading goes on');
        fs.rmSync(ballast(disk));
        const freed = Date.now();
        await until('it takes in again', async () => {
            const message = form(`after${round}@example.com`);
            const answer = await daemon.post('website_form', message);
            await answer.text();
            return answer.status === 200 && acknowledged.push(message);
        }, 10);
        assert.ok(Date.now() - freed < 10_000);
    }
    await assertAllThere(daemon, acknowledged);
    await daemon.stop();
    daemon.assertVerifies();
    const {code, out, err} = daemon.run('rebuild');
    assert.equal(code, 0, out + err);
});

test('why on a full disk', async (t) => {
    const made = await serveOnSmallDisk(t);
    if (!made) return;
    const {daemon, disk} = made;
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('checkout', payment('ada@example.com'));
    await daemon.tell('course_platform', access('ada@example.com'));
    fill(disk);
    await sendUntilFull(daemon, [], 'more');
    const answers = {
        'over HTTP': async () => JSON.stringify(await daemon.get('/v1/contacts/ada%40example.com/why?field=course_access')),
        'by the command, beside the daemon': () => {
            const {code, out, err} = daemon.run('why', 'ada@example.com', 'course_access');
            assert.equal(code, 0, out + err);
            return out;
        },
    };
    for (const [how, ask] of Object.entries(answers)) {
        await t.test(how, async () => assert.match(await ask(), /course[ _]platform/i));
    }
    await t.test('by the command, after the daemon was killed', async () => {
        await daemon.kill();
        const {code, out, err} = daemon.run('why', 'ada@example.com', 'course_access');
        assert.equal(code, 0, out + err);
        assert.match(out, /course[ _]platform/i);
    });
    await t.test('the daemon starts again once there is room', async () => {
        fs.rmSync(ballast(disk));
        await daemon.start();
        await daemon.tell('website_form', form('bob@example.com'));
        await daemon.stop();
        daemon.assertVerifies();
    });
});

test('killed again and again while the disk is full, nothing acknowledged is lost', async (t) => {
    const made = await serveOnSmallDisk(t);
    if (!made) return;
    const {daemon, disk} = made;
    const acknowledged = [];
    for (let round = 0; round < 4; round++) {
        fill(disk);
        await (await sendUntilFull(daemon, acknowledged, `kill${round}x`)).text();
        await daemon.kill();
        fs.rmSync(ballast(disk));
        await sleep(20);
        await daemon.start();
    }
    await assertAllThere(daemon, acknowledged);
    await daemon.stop();
    daemon.assertVerifies();
});
