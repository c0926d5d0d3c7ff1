// Automations as people see them and what people do with them. The daemon carries none out yet, but where a test asks for it
// (docs/decisions/0037).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {Daemon, assertProblem, until} from './support/daemon.mjs';
import {booking, form, nowS, payment} from './support/shop.mjs';

const callBack = `automations:
  call_back:
    title: Call a lead back
    goal: Whoever asks is booked within days
    avoids: A lead that nobody calls
    owner: dan
    failure_owner: priya
    trigger: form.submitted
    when: [known(contact.offer)]
    reenter: after 30 days
    stop: ["contact.payment_status == 'paid'"]
    steps:
      - wait: 1 day
      - wait_for: booking.confirmed
        up_to: 2 days
        if_late: open_issue
    metric: {success: "contact.booking_status == 'booked'", within: 7 days}
    data: [offer, payment_status, booking_status]
    rollout: {mode: automatic}
    left_out:
      branch: there is one way
      systems: it asks no tool
      task_owner: it makes no tasks
      approval: it writes to nobody outside
`;

async function serve(t, switched = '1') {
    const daemon = await Daemon.make();
    t.after(() => daemon.end());
    fs.writeFileSync(path.join(daemon.folder, 'automations', 'call_back.yaml'), callBack);
    daemon.outside.HANDRAIL_TEST_AUTOMATES = switched;
    await daemon.start();
    return daemon;
}

/** The enrollment under way of a contact. */
async function enrollment(daemon, email) {
    const {enrollments} = await daemon.contact(email);
    assert.equal(enrollments.length, 1, JSON.stringify(enrollments));
    return enrollments[0];
}

const numbers = async (daemon) => (await daemon.get('/v1/automations/call_back'));

test('nothing is carried out without the switch, and everything says so', async (t) => {
    const daemon = await serve(t, '');
    await daemon.tell('website_form', form('ada@example.com'));
    assert.deepEqual((await daemon.contact('ada@example.com')).enrollments, []);
    const listed = daemon.run('automation', 'ls');
    assert.equal(listed.code, 0, listed.err);
    assert.match(listed.out, /^call_back +automatic +nobody yet$/m);
    assert.match(listed.out, /This release carries out no automations yet\.\n$/);
    assert.match(daemon.run('why', '--not', 'call_back', 'ada@example.com').out, /It is not carried out: this release carries out no automations yet/);
    assert.match(daemon.run('automation', 'show', 'call_back').out, /At work: nobody yet\nThis release carries out no automations yet\.\n$/);
    assert.match(daemon.run('automation', 'ls', '--files').out, /^call_back +automatic +when form\.submitted comes: Call a lead back$/m);
    assert.match(daemon.output, /are checked, and not run yet/);
});

test('who is in an automation, where they stand, and a step that is skipped', async (t) => {
    const daemon = await serve(t);
    assert.doesNotMatch(daemon.output, /not run yet/);
    await daemon.tell('website_form', form('ada@example.com', {atS: nowS() - 60}));
    const ada = await enrollment(daemon, 'ada@example.com');
    assert.equal(ada.automation, 'call_back');
    assert.equal(ada.state, 'waits for a time');
    assert.equal(ada.step_text, 'wait 1 day');
    assert.match(daemon.run('contact', 'show', 'ada@example.com').out, /\nAutomations\n {2}call_back +E-\w+ +waits until .* \(in 24 hours\): wait 1 day\n|\nAutomations\n {2}call_back +E-\w+ +waits until .*: wait 1 day\n/);

    const shown = daemon.run('enrollment', 'show', ada.enrollment);
    assert.equal(shown.code, 0, shown.err);
    assert.match(shown.out, /automation call_back \(Call a lead back\), for C-\w+ \(ada@example\.com\)/);
    assert.match(shown.out, /then +wait for booking\.confirmed, for up to 2 days; then open a/);
    assert.match(shown.out, /stops when +payment status is paid/);
    assert.equal(daemon.run('trace', ada.enrollment).out.split('\n')[0], shown.out.split('\n')[0], 'a trace of it tells the same');
    assert.equal((await daemon.get(`/v1/enrollments/${ada.enrollment}`)).now.until, ada.until);

    const refused = daemon.run('enrollment', 'retry', ada.enrollment);
    assert.equal(refused.code, 4);
    assert.match(refused.err, /E0712.*is not held: it goes on by itself/);
    const skipped = daemon.run('enrollment', 'skip', ada.enrollment);
    assert.equal(skipped.code, 0, skipped.err);
    assert.match(skipped.out, /goes on without this step: wait 1 day/);
    assert.match(skipped.err, /undo: what it does now stays; to end it: handrail enrollment withdraw E-/);
    assert.equal((await enrollment(daemon, 'ada@example.com')).state, 'waits for an event');
    await daemon.tell('calendar', booking('ada@example.com'));
    const over = daemon.run('enrollment', 'show', ada.enrollment, '--json');
    assert.equal(JSON.parse(over.out).over, true);
    assert.match(daemon.run('enrollment', 'show', ada.enrollment).out, /automation call_back is done/);
    assert.match(daemon.run('enrollment', 'skip', ada.enrollment).err, /E0712.* is over/);
    const runs = JSON.parse(daemon.run('automation', 'runs', 'call_back', '--json').out);
    assert.deepEqual(runs.enrollments.map((each) => [each.enrollment, each.ended]), [[ada.enrollment, 'done']]);
    assert.equal((await numbers(daemon)).ended.done, 1);
    daemon.assertVerifies();
});

test('why not: each condition with what it sees, what came, and what was decided then', async (t) => {
    const daemon = await serve(t);
    await daemon.tell('checkout', payment('ben@example.com'));
    const never = daemon.run('why', '--not', 'call_back', 'ben@example.com');
    assert.equal(never.code, 0, never.err);
    assert.match(never.out, /automation call_back \(Call a lead back\): NO, not now/);
    assert.match(never.out, /It begins when form\.submitted comes\. From them came: none of these/);
    assert.match(never.out, /offer is known: NO \(offer is not known\)/);
    assert.match(never.out, /payment status is paid: YES \(/);
    await daemon.tell('website_form', form('ben@example.com'));
    const stopped = daemon.run('why', '--not', 'call_back', 'ben@example.com');
    assert.match(stopped.out, /automation call_back did not begin with form\.submitted: its stop rule held already, payment status is paid/);
    const {automation} = await daemon.get('/v1/contacts/ben@example.com/why-not?of=call_back');
    assert.equal(automation.kept_out_last.why, 'stop rule');
    assert.equal(automation.would_begin, false);
    assert.deepEqual(automation.conditions.filter((each) => each.keeps_out).map((each) => each.kind), ['stop']);
    const missing = daemon.run('why', '--not', 'call_bakc', 'ben@example.com');
    assert.equal(missing.code, 1);
    assert.match(missing.err, /E0703[^]*did you mean `call_back`\?/);
});

test('a pause keeps everybody out and lets nobody go on, and says who and why', async (t) => {
    const daemon = await serve(t);
    await daemon.tell('website_form', form('ada@example.com', {atS: nowS() - 60}));
    const ada = await enrollment(daemon, 'ada@example.com');
    assert.equal(daemon.run('automation', 'pause', 'call_back').code, 2, 'a pause without a reason is no use to anybody');
    assert.equal(daemon.run('automation', 'pause', '--reason', 'x').code, 2, 'which one?');
    const paused = daemon.run('automation', 'pause', 'call_back', '--reason', 'Ada <ada@example.com> complained');
    assert.equal(paused.code, 0, paused.err);
    assert.match(paused.err, /undo: handrail automation resume call_back/);
    assert.match(daemon.run('automation', 'ls').out, /paused by Maya Okafor since [\d:]+: Ada <ada@example\.com> complained/);
    const again = daemon.run('automation', 'pause', 'call_back', '--reason', 'again');
    assert.equal(again.code, 4);
    assert.match(again.err, /E0713.*automation call_back is paused already/);
    await daemon.tell('website_form', form('ben@example.com'));
    assert.match(daemon.run('why', '--not', 'call_back', 'ben@example.com').out, /It is paused by Maya Okafor[^]*did not begin with form\.submitted: it was paused[^]*handrail automation resume call_back/);
    assert.match(daemon.run('enrollment', 'skip', ada.enrollment).err, /E0712.*is paused; first: handrail automation resume call_back/);

    const all = daemon.run('automation', 'pause', '--all', '--reason', 'the mail server is down');
    assert.equal(all.code, 0, all.err);
    assert.match(all.out, /^5 automations are paused; 1 was so already\n/);
    assert.match(all.err, /undo: handrail automation resume \w+ && /);
    assert.match((await numbers(daemon)).paused_because, /complained/, 'the first pause and its reason stay');
    assert.equal(daemon.run('automation', 'pause', '--all', '--reason', 'x').code, 4);
    assert.match(daemon.run('automation', 'resume', '--all').out, /^6 automations are on again\n/);
    assert.equal((await numbers(daemon)).paused, false);
    assert.equal(daemon.run('enrollment', 'skip', ada.enrollment).code, 0);

    const forgotten = daemon.run('forget', 'ada@example.com', '--yes');
    assert.equal(forgotten.code, 0, forgotten.err);
    await assertProblem(await fetch(daemon.url(`/v1/enrollments/${ada.enrollment}`), {headers: {authorization: `Bearer ${daemon.token}`}}), 404, 'E0711');
    await daemon.stop();
    const files = fs.readdirSync(daemon.data, {withFileTypes: true}).filter((each) => each.isFile()).map((each) => fs.readFileSync(path.join(daemon.data, each.name), 'latin1').toLowerCase());
    assert.ok(!files.some((bytes) => bytes.includes('complained')), 'a reason that names who is forgotten is gone too');
    daemon.assertVerifies();
});

test('who is held since the files changed goes on where a person says, or is withdrawn', async (t) => {
    const daemon = await serve(t);
    await daemon.tell('website_form', form('ada@example.com', {atS: nowS() - 60}));
    await daemon.tell('website_form', form('ben@example.com', {firstName: 'Ben', atS: nowS() - 60}));
    daemon.change({'automations/call_back.yaml': [['wait: 1 day', 'wait: 3 days']]});
    assert.equal(daemon.run('reload').code, 0);
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('website_form', form('ben@example.com', {firstName: 'Ben'}));
    const ada = await enrollment(daemon, 'ada@example.com');
    assert.equal(ada.state, 'held');
    const [issue] = await until('an issue', async () => {
        const open = (await daemon.issues()).filter((each) => each.cause === 'automation');
        return open.length > 0 && open;
    });
    assert.equal(issue.waiting, 2, 'all that are held are one issue');
    assert.match(daemon.run('exceptions', 'show', issue.issue).out, /automation call_back needs somebody: 2 people waiting[^]*handrail enrollment show E-/);
    assert.match(daemon.run('enrollment', 'show', ada.enrollment).out, /Safe next step: handrail enrollment retry E-\w+ --step PATH/);
    assert.match(daemon.run('enrollment', 'skip', ada.enrollment).err, /E0712.*the files have changed since/);
    assert.match(daemon.run('enrollment', 'retry', ada.enrollment, '--step', '9').err, /E0521.*has no step `9`/);
    const retried = daemon.run('enrollment', 'retry', ada.enrollment, '--step', '2');
    assert.equal(retried.code, 0, retried.err);
    assert.match(retried.out, /goes on at step 2: wait for booking\.confirmed/);
    assert.equal((await enrollment(daemon, 'ada@example.com')).state, 'waits for an event');
    const ben = await enrollment(daemon, 'ben@example.com');
    const withdrawn = daemon.run('enrollment', 'withdraw', ben.enrollment, '--json');
    assert.equal(withdrawn.code, 0, withdrawn.err);
    assert.match(JSON.parse(withdrawn.out).did, /is withdrawn: what it did stays/);
    assert.match(daemon.run('contact', 'show', 'ben@example.com').out, /Maya Okafor withdrew it: automation call_back ended before it was done/);
    await until('nobody is left in it', async () => (await daemon.issues('resolved')).some((each) => each.issue === issue.issue));

    fs.rmSync(path.join(daemon.folder, 'automations', 'call_back.yaml'));
    assert.equal(daemon.run('reload').code, 0);
    await daemon.tell('website_form', form('ada@example.com'));
    assert.match(daemon.run('enrollment', 'show', ada.enrollment).out, /\(no longer in the files\)[^]*It is held/);
    assert.match(daemon.run('automation', 'ls').out, /^call_back +gone +1 under way/m);
    assert.match(daemon.run('enrollment', 'retry', ada.enrollment).err, /E0712.*no longer in the files; withdraw/);
    assert.match(daemon.run('automation', 'runs', 'nobody').err, /E0710/);
    assert.match(daemon.run('enrollment', 'show', 'E-zzz').err, /E0711/);
    daemon.assertVerifies();
});
