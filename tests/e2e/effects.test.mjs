// What automations do outside, through the whole daemon: a payment opens the course at a platform that fails in many ways,
// once for each customer. The platform counts. (Automations are switched on for the test: docs/decisions/0037.)
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Daemon, until} from './support/daemon.mjs';
import {Receiver} from './support/receiver.mjs';
import {form, payment} from './support/shop.mjs';

const TOKEN = 'the-token-of-the-course-platform-4711';
const COURSE = 'group_program';

/** A daemon that calls the receiver for its course platform. */
async function serve(t, receiver) {
    const daemon = await Daemon.make({
        settings: `tools:\n  course_platform: {base: "${receiver.url}"}\n`,
        secrets: {course_token: TOKEN},
        change: {'tools.yaml': [['    limit: 5 per second\n', '    limit: 100 per second\n    repeat_protection: key for 24 hours\n']]},
    });
    t.after(() => daemon.end());
    daemon.outside.HANDRAIL_TEST_AUTOMATES = '1';
    await daemon.start();
    return daemon;
}

async function buy(daemon, email) {
    await daemon.tell('website_form', form(email, {offer: COURSE}));
    await daemon.tell('checkout', payment(email));
}

const field = async (daemon, email, name) => (await daemon.contact(email)).fields.find((each) => each.field === name)?.value;
const opened = (daemon, email) => until(`the course of ${email} is open`, async () => (await field(daemon, email, 'course_access')) === 'active', 30);

test('whatever the platform answers, who paid can begin, and nobody is let in twice', async (t) => {
    const receiver = await Receiver.serve(t, {accepts: ({authorization}) => authorization === `Bearer ${TOKEN}`});
    const daemon = await serve(t, receiver);
    const faults = ['ok', '500_after', 'reset_after', 'short_200', '503_retry'];
    for (const [number, fault] of faults.entries()) {
        const email = `canary${number}@example.com`;
        receiver.next(fault);
        await buy(daemon, email);
        await opened(daemon, email);
        assert.deepEqual([...receiver.members.get(email)], [COURSE], fault);
    }
    const puts = receiver.seen.filter(({method}) => method === 'PUT');
    const keys = new Set(puts.map(({headers}) => headers['idempotency-key']));
    assert.equal(keys.size, faults.length, 'a key for each purchase, the same when it is said again');
    for (const key of keys) assert.equal(receiver.applied(key), 1);
    assert.ok(puts.length > faults.length, 'some were said twice');
    assert.ok(!daemon.output.includes('canary') && !daemon.output.includes(TOKEN), daemon.output);
    await daemon.stop();
    daemon.assertVerifies();
});

test('a platform that does not let us in makes one issue, and what waits leaves when it does again', async (t) => {
    let open = false;
    const receiver = await Receiver.serve(t, {accepts: () => open});
    const daemon = await serve(t, receiver);
    for (const who of ['ada', 'ben', 'cleo']) await buy(daemon, `${who}@example.com`);
    const issue = await until('somebody is asked to look', async () => (await daemon.issues()).find(({cause}) => cause === 'no access'), 30);
    assert.ok(issue.owner, JSON.stringify(issue));
    assert.equal((await daemon.issues()).filter(({cause}) => cause === 'no access').length, 1);
    assert.equal(receiver.members.size, 0);
    open = true;
    for (const who of ['ada', 'ben', 'cleo']) {
        await until(`${who} is let in`, () => receiver.members.has(`${who}@example.com`), 150);
    }
    for (const who of ['ada', 'ben', 'cleo']) await opened(daemon, `${who}@example.com`);
    await daemon.stop();
    daemon.assertVerifies();
});

test('a daemon that is stopped while a call is under way hears its answer, and asks nothing again', async (t) => {
    const receiver = await Receiver.serve(t);
    const daemon = await serve(t, receiver);
    receiver.delay = 1500;
    await buy(daemon, 'ada@example.com');
    await until('it is asked', () => receiver.seen.length === 1);
    await daemon.stop();
    receiver.delay = 0;
    await daemon.start();
    await opened(daemon, 'ada@example.com');
    assert.deepEqual(receiver.seen.map(({method}) => method), ['PUT'], 'once, and nobody had to check');
});
