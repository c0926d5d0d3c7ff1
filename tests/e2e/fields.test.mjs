// A person chooses a value and takes the choice back; writers of a field disagree, and a person is asked.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {Daemon, until} from './support/daemon.mjs';
import {booking, form, nowS} from './support/shop.mjs';

/** The offer is also written by the calendar, and nobody may replace the first word. */
const disputed = {
    'contacts.yaml': [[
        'writers: [website_form, people]\n      on_conflict: keep_first\n    source:',
        'writers: [website_form, calendar, people]\n      on_conflict: ask\n    source:',
    ]],
    'tools.yaml': [["map: {fields: {booking_status: \"'booked'\"}}", "map: {fields: {booking_status: \"'booked'\", offer: \"'one_to_one'\"}}"]],
};
const field = async (daemon, name) => (await daemon.contact('ada@example.com')).fields.find((each) => each.field === name);

test("a person's choice stays, and is taken back", async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', form('ada@example.com', {atS: nowS() - 60}));
    const set = daemon.run('contact', 'set', 'ada@example.com', 'offer=one_to_one');
    assert.equal(set.code, 0, set.err);
    assert.match(set.out, /^offer of C-\w+ is one_to_one now, and no machine changes it until you take that back\n/);
    assert.match(set.err, /undo: handrail contact set C-\w+ offer=group_program && handrail contact release C-\w+ offer\n/);
    await daemon.tell('website_form', form('ada@example.com', {offer: 'discovery_call'}));
    assert.equal((await field(daemon, 'offer')).value, 'one_to_one');
    const shown = daemon.run('contact', 'show', 'ada@example.com').out;
    assert.match(shown, /offer +"one_to_one" .*chosen by Maya Okafor/);
    assert.match(shown, /Website form says "discovery_call"/);

    const released = daemon.run('contact', 'release', 'ada@example.com', 'offer', '--json');
    assert.equal(released.code, 0, released.err);
    const told = JSON.parse(released.out);
    assert.equal(told.field, 'offer');
    assert.match(told.undo, /^handrail contact set C-\w+ offer=one_to_one$/);
    const again = daemon.run('contact', 'release', 'ada@example.com', 'offer');
    assert.equal(again.code, 4);
    assert.match(again.err, /E0651.*no person's choice holds offer of C-\w+/);

    const timed = daemon.run('contact', 'set', 'ada@example.com', 'first_name=Ada Maria', '--until', '2 days', '--json');
    assert.equal(timed.code, 0, timed.err);
    assert.match(JSON.parse(timed.out).did, /until \d{4}-\d\d-\d\dT/);
    assert.match(JSON.parse(timed.out).undo, /first_name=Ada && handrail contact release/);
    const api = await daemon.api('POST', '/v1/contacts/ada@example.com/fields', {field: 'first_name', value: "Ada O'Neil"});
    assert.match(api.did, /^first_name of C-\w+ is Ada O'Neil now/);
    assert.match(api.undo, /^handrail contact set C-\w+ 'first_name=Ada Maria'$/, 'a shell takes it as one word');
    daemon.assertVerifies();
});

test('a value that may not be written says why, and what to do', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('website_form', form('ben@example.com', {firstName: 'Ben'}));
    const cases = [
        ['ofer=one_to_one', 1, /E0702.*a contact has no field `ofer`; did you mean `offer`\?/],
        ['offer=gold', 1, /E0646.*`gold` does not fit offer, a field of type choice; say discovery_call, group_program or one_to_one/],
        ['payment_status=paid', 4, /E0647.*people are not among the writers of payment_status; add `people`/],
        ['lifecycle=client', 4, /E0648.*lifecycle is a stage: it moves by its transitions/],
        ['consent_email=given', 4, /E0649.*only the customer gives consent_email, with its proof; a person may set it to withdrawn/],
        ['email=ben@example.com', 4, /E0650.*this email leads to C-\w+, who is somebody else/],
        ['offer', 2, /E0622.*offer=one_to_one/],
    ];
    for (const [words, code, says] of cases) {
        const done = daemon.run('contact', 'set', 'ada@example.com', words);
        assert.equal(done.code, code, `${words}: ${done.err}`);
        assert.match(done.err, says);
    }
    assert.match(daemon.run('contact', 'set', 'ada@example.com', 'offer=one_to_one', '--until', '2020-01-01T00:00:00Z').err, /E0521.*has passed already/);
    assert.match(daemon.run('contact', 'set', 'nobody@example.com', 'offer=one_to_one').err, /E0700/);
    assert.equal((await field(daemon, 'offer')).value, 'group_program', 'nothing of it was written');
    assert.equal(daemon.run('contact', 'set', 'ada@example.com', 'email=ada@new.example.com').code, 0);
    assert.match(daemon.run('contact', 'show', 'ada@new.example.com').out, /"ada@new\.example\.com"/, 'the new address leads to her');
    assert.match(daemon.run('contact', 'show', 'ada@example.com').out, /"ada@new\.example\.com"/, 'and so does the old one');
});

test('two tools disagree: a person is asked with both values, and the answer stays', async (t) => {
    const daemon = await Daemon.serve(t, {change: disputed});
    await daemon.tell('website_form', form('ada@example.com', {atS: nowS() - 60}));
    await daemon.tell('calendar', booking('ada@example.com'));
    const [issue] = await until('a question', async () => {
        const open = (await daemon.issues()).filter((each) => each.cause === 'conflict');
        return open.length > 0 && open;
    });
    const page = daemon.run('exceptions', 'show', issue.issue).out;
    assert.match(page, /Booking calendar disagrees about offer/);
    assert.match(page, /Booking calendar says "one_to_one" \(said .*\), and "group_program" holds \(Website form, .*\)/);
    assert.match(page, /handrail contact set C-\w+ offer=one_to_one/, 'the one answer');
    assert.match(page, /handrail contact set C-\w+ offer=group_program/, 'and the other');
    const why = daemon.run('why', 'ada@example.com', 'offer').out;
    assert.match(why, /Its contract \(contacts\.yaml:\d+\): `on_conflict: ask`: the newest word of whoever spoke first holds/);
    assert.match(why, /Booking calendar says "one_to_one"/);
    assert.match(why, /a person is asked: H-\d+/);

    assert.match(daemon.run('contact', 'set', 'ada@example.com', 'offer=group_program').out, /the question about it is answered/);
    await daemon.tell('calendar', booking('ada@example.com'));
    await daemon.settled();
    assert.deepEqual((await daemon.issues()).filter((each) => each.cause === 'conflict'), [], 'what was answered is not asked again');
    const offer = await field(daemon, 'offer');
    assert.equal(offer.value, 'group_program');
    assert.equal(offer.chosen_by, 'maya');
    assert.deepEqual(offer.beside.map(({writer, value, why: reason, issue: asked}) => ({writer, value, reason, asked})),
        [{writer: 'calendar', value: 'one_to_one', reason: 'answered', asked: null}]);
    daemon.assertVerifies();
});

test('a yes without its proof does not count, and nobody is told to give it for the customer', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', form('ada@example.com', {consent: 'given'}));
    const [issue] = await until('a question', async () => {
        const open = (await daemon.issues()).filter((each) => each.cause === 'conflict');
        return open.length > 0 && open;
    });
    const why = daemon.run('why', 'ada@example.com', 'consent_email').out;
    assert.match(why, /^consent_email is not known: what was said for it does not hold\.$/m);
    assert.match(why, /^Its contract \(contacts\.yaml:\d+\), a consent: .* a yes counts only with its proof \(form_version, ip_hash and time\)/m);
    assert.match(why, /^Website form says "given" since .*: it came without its proof, a person is asked: H-\d+$/m);
    const page = daemon.run('exceptions', 'show', issue.issue).out;
    assert.match(page, /Website form says that consent email is given, and it does not count/);
    assert.match(page, /whoever agrees says so themselves, with form_version, ip_hash and time/);
    assert.match(page, /^ +handrail contact set C-\w+ consent_email=withdrawn$/m);
    assert.doesNotMatch(page, /consent_email=(given|VALUE)/, 'a person may not say that');

    await daemon.tell('website_form', form('ada@example.com', {consent: 'given', formVersion: '2026-10'}));
    await until('the answer', async () => !(await daemon.issues()).some((each) => each.cause === 'conflict'));
    assert.equal((await field(daemon, 'consent_email')).value, 'given');
    const told = JSON.parse(daemon.run('why', 'ada@example.com', 'consent_email', '--json').out);
    assert.equal(told.contract.file, 'contacts.yaml');
    assert.match(told.contract.text, /a yes counts only with its proof/);
    daemon.assertVerifies();
});

test('who is forgotten with a question open leaves nothing, neither of what was typed nor of what was beside it', async (t) => {
    const daemon = await Daemon.serve(t, {change: {
        'contacts.yaml': [['writers: [website_form, people]\n      on_conflict: keep_first\n      pii: personal', 'writers: [website_form, calendar, people]\n      on_conflict: never_overwrite\n      pii: personal']],
        'tools.yaml': [["map: {fields: {booking_status: \"'booked'\"}}", "map: {fields: {booking_status: \"'booked'\", first_name: payload.id}}"]],
    }});
    await daemon.tell('website_form', form('ada@example.com', {firstName: 'Zoltanine', atS: nowS() - 60}));
    await daemon.tell('calendar', booking('ada@example.com', {id: 'Quirinalia'}));
    assert.equal(daemon.run('contact', 'set', 'ada@example.com', 'email=Typed.By.Hand@desk.example.com').code, 0);
    const [issue] = await until('a question', async () => {
        const open = (await daemon.issues()).filter((each) => each.cause === 'conflict');
        return open.length > 0 && open;
    });
    // a note that speaks of what only stands beside the value that holds
    assert.equal(daemon.run('exceptions', 'note', issue.issue, 'her friends call her QUIRINALIA').code, 0);
    const forgotten = daemon.run('forget', 'ada@example.com', '--yes');
    assert.equal(forgotten.code, 0, forgotten.err);
    assert.equal((await daemon.issues()).filter((each) => each.cause === 'conflict').length, 0, 'nobody is asked about her');
    await daemon.stop();
    const files = fs.readdirSync(daemon.data, {withFileTypes: true}).filter((each) => each.isFile()).map((each) => fs.readFileSync(path.join(daemon.data, each.name), 'latin1').toLowerCase());
    for (const trace of ['zoltanine', 'quirinalia', 'typed.by.hand']) assert.ok(!files.some((bytes) => bytes.includes(trace)), `${trace} is gone`);
    daemon.assertVerifies();
});
