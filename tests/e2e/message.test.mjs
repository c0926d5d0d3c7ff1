// `handrail message preview` from outside: what a person sees before anything is sent, and what stops it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {Daemon} from './support/daemon.mjs';
import {form, fresh} from './support/shop.mjs';

const marked = `---
subject: "For {{ contact.first_name }}"
---
Dear **{{ contact.first_name }}**,

[your course](https://course.example.com/{{ contact.email }}) is open.
`;

test('a message is shown with values by hand and from the journal, as text, HTML and JSON', async (t) => {
    const daemon = await Daemon.serve(t);
    const html = path.join(daemon.base, 'nudge.html');
    const shown = daemon.run('message', 'preview', 'lead_nudge', '--set', 'contact.first_name=Ada', '--html', html);
    assert.equal(shown.code, 0, shown.err);
    assert.match(shown.out, /^From: Bright Coaching <hello@bright\.example\.com>\nSubject: Shall we talk\?\n\nHello Ada,\n/);
    assert.match(shown.out, /Purpose: marketing, which needs consent: only for contacts whose consent_email is given\./);
    assert.match(shown.out, /\n----\n1 High Street, Leeds, UK\nUnsubscribe: https:\/\/handrail\.example\/u\/TOKEN\n/);
    assert.match(shown.out, /The link to unsubscribe is made for each person when it is sent\./);
    assert.match(fs.readFileSync(html, 'utf8'), /^<!DOCTYPE html>[^]*<p>Hello Ada,<\/p>[^]*<\/html>\n$/);

    const only = daemon.run('message', 'preview', 'lead_nudge', '--set', 'contact.first_name=Ada', '--html', '-');
    assert.equal(only.out, fs.readFileSync(html, 'utf8'));
    assert.equal(fs.existsSync('-'), false);

    const missing = daemon.run('message', 'preview', 'member_welcome', '--json');
    assert.equal(missing.code, 1);
    const [error] = JSON.parse(missing.out).errors;
    assert.deepEqual([error.code, error.line, path.basename(error.file)], ['E0460', 7, 'member_welcome.md']);
    assert.match(error.help, /--set contact\.email=/);
    assert.doesNotMatch(missing.out, /your course is open/);

    const email = `${fresh('grace')}@example.com`;
    await daemon.tell('website_form', form(email, {firstName: 'Grace'}));
    const known = daemon.run('message', 'preview', 'member_welcome', '--contact', email, '--json');
    assert.equal(known.code, 0, known.err);
    const parts = JSON.parse(known.out);
    assert.match(parts.text, new RegExp(`Hello Grace,[^]*this address, ${email}\\.`));
    assert.deepEqual([parts.message, parts.purpose, parts.consent_field, parts.from], ['member_welcome', 'service', null, 'hello@bright.example.com']);
    const both = daemon.run('message', 'preview', 'member_welcome', '--contact', email, '--set', 'contact.first_name=Ada');
    assert.match(both.out, /Hello Ada,/);
});

test('what a customer typed has no form, breaks no header, and acts on no terminal', async (t) => {
    const daemon = await Daemon.serve(t);
    fs.writeFileSync(path.join(daemon.folder, 'messages/marked.md'), marked);
    const name = '<b>*Ada*</b>\r\nBcc: eve@example.com \u001b[2J';
    const set = ['--set', `contact.first_name=${name}`, '--set', 'contact.email=a/b@example.com'];
    const json = daemon.run('message', 'preview', 'marked', ...set, '--json');
    assert.equal(json.code, 0, json.err);
    const parts = JSON.parse(json.out);
    assert.match(parts.subject, /^For <b>\*Ada\*<\/b> Bcc: eve@example\.com \ufffd\[2J$/);
    assert.match(parts.html, /<strong>&lt;b&gt;\*Ada\*&lt;\/b&gt;/);
    assert.match(parts.html, /<a href="https:\/\/course\.example\.com\/a%2Fb%40example\.com">your course<\/a>/);
    const shown = daemon.run('message', 'preview', 'marked', ...set);
    assert.doesNotMatch(shown.out, /\u001b/);
});

test('what cannot be shown is said, and how to mend it', async (t) => {
    const daemon = await Daemon.serve(t);
    for (const [words, code, said] of [
        [['lead_nugde'], 3, /E0172[^]*did you mean `lead_nudge`/],
        [['lead_nudge', '--set', 'contact.frist_name=Ada'], 2, /E0140[^]*did you mean `first_name`/],
        [['lead_nudge', '--set', 'first_name=Ada'], 2, /E0622[^]*contact\.first_name=Ada/],
        [['lead_nudge', '--set', 'contact.lifecycle=klingon'], 2, /E0146[^]*no lifecycle `klingon`[^]*lead, booked/],
        [['lead_nudge', '--set', 'event.payment_idd=1'], 2, /E0140[^]*did you mean `payment_id`/],
        [['lead_nudge', '--set', 'trigger.at=yesterday'], 2, /E0622[^]*`yesterday` is no time/],
        [['lead_nudge', '--contact', 'nobody@example.com'], 1, /E0700/],
        [['lead_nudge', '--set', 'contact.first_name=A', '--html', daemon.base], 1, /E0634/],
    ]) {
        const run = daemon.run('message', 'preview', ...words);
        assert.equal(run.code, code, `${words}: ${run.err}`);
        assert.match(run.err, said);
        assert.equal(run.out, '');
    }
    const both = daemon.run('message', 'preview', 'lead_nudge', '--set', 'contact.first_name=A', '--html', '-', '--json');
    assert.deepEqual([both.code, JSON.parse(both.out).errors.map((each) => each.code)], [2, ['E0622']]);
    fs.writeFileSync(path.join(daemon.folder, 'messages/broken.md'), '---\nsubject: Hi\n---\nHello {{ contact.frist_name | upper }}\n');
    const broken = daemon.run('message', 'preview', 'lead_nudge');
    assert.equal(broken.code, 3);
    assert.match(broken.err, /E0452[^]*broken\.md:4:31[^]*it is called `upcase`/);
});
