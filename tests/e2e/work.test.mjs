// What people have to do: sales that a tool speaks of, who owns them, what is to be done next, and who is forgotten with them.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Daemon, until} from './support/daemon.mjs';
import {booking} from './support/shop.mjs';

/** Every booking is a sale of Maya's. */
const sales = {
    'handrail.yaml': [['people:\n', 'opportunities:\n  match_on: [deal]\n  owner: maya\n  fields:\n    deal: {type: text}\n\npeople:\n']],
    'tools.yaml': [['        booking_id: payload.booking.id\n', '        booking_id: payload.booking.id\n      opportunity: {deal: payload.booking.id}\n']],
};
const tasks = (daemon, ...words) => JSON.parse(daemon.run('task', 'ls', ...words, '--json').out).tasks;

test('a sale is planned, handed over and done, and goes with the contact it speaks of alone', async (t) => {
    const daemon = await Daemon.serve(t, {change: sales});
    await daemon.tell('calendar', booking('ada@example.com'));
    await daemon.tell('calendar', booking('ben@example.com'));
    const [first, second] = tasks(daemon, '--for', 'maya');
    assert.equal(first.kind, 'opportunity');
    assert.match(first.name, /^O-\w+$/);
    assert.equal(second.state, 'open');
    assert.equal(first.due, null);
    const issues = daemon.run('exceptions').out;
    assert.match(issues, /an opportunity lies with nobody/);

    assert.equal(daemon.run('task', 'plan', first.name).code, 4, 'neither what nor when');
    assert.match(daemon.run('task', 'plan', first.name, '--until', '2 days').err, /say what is to be done by then/);
    const planned = daemon.run('task', 'plan', first.name, 'Call Ada', '--until', '2 days');
    assert.equal(planned.code, 0, planned.err);
    assert.equal(daemon.run('task', 'plan', second.name, 'Call Ben', '--until', '1 day').code, 0);
    assert.equal(tasks(daemon)[0].what, 'Call Ben', 'soonest first');
    await until('the issue closes by itself', () => !/lies with nobody/.test(daemon.run('exceptions').out));

    const given = daemon.run('task', 'assign', first.name, 'dan', '--json');
    assert.equal(given.code, 0, given.err);
    assert.equal(JSON.parse(given.out).undo, `handrail task assign ${first.name} maya`);
    assert.equal(tasks(daemon, '--for', 'dan').length, 1);
    assert.match(daemon.run('task', 'assign', first.name, 'nobody').err, /nobody here is called `nobody`/);
    assert.match(daemon.run('contact', 'show', 'ada@example.com').out, /What belongs to them\n  O-\w+  by .*, Dan Lewis: Call Ada/);

    assert.equal(daemon.run('task', 'done', second.name).code, 0);
    assert.match(daemon.run('task', 'done', second.name).err, /is done already/);
    assert.equal(daemon.run('task', 'drop', first.name).code, 2, 'only with a reason');
    assert.match(daemon.run('task', 'done', 'T-9zz').err, /there is no task/);

    const forgotten = daemon.run('forget', 'ada@example.com', '--yes');
    assert.equal(forgotten.code, 0, forgotten.err);
    assert.equal(tasks(daemon).length, 0, 'her sale went with her');
    assert.equal(daemon.run('contact', 'show', 'ben@example.com').code, 0);
    daemon.assertVerifies();
    await daemon.stop();
    const rebuilt = daemon.run('rebuild');
    assert.equal(rebuilt.code, 0, rebuilt.out + rebuilt.err);
});
