// What the tools of the coaching example say, signed as each of them signs.
import {createHmac} from 'node:crypto';
import Stripe from 'stripe';
import {Webhook} from 'standardwebhooks';

export const SECRETS = {
    form_secret: 'whsec_' + Buffer.from('end-to-end form secret 000').toString('base64'),
    email_secret: 'whsec_' + Buffer.from('end-to-end mail secret 000').toString('base64'),
    checkout_secret: 'whsec_end_to_end_checkout_secret',
    calendar_secret: 'end-to-end calendar secret',
    course_secret: 'end-to-end course secret',
};

const stripe = new Stripe('sk_test_none');

export const nowS = () => Math.floor(Date.now() / 1000);
const iso = (atS) => new Date(atS * 1000).toISOString();

let counter = 0;
/** An id that no other message has. */
export const fresh = (prefix) => `${prefix}_${process.pid}_${Date.now().toString(36)}_${counter++}`;

/** Signs a body with the standardwebhooks package. */
export function signStandard(secret, body, {id = fresh('msg'), atS = nowS()} = {}) {
    const signature = new Webhook(secret).sign(id, new Date(atS * 1000), body);
    return {body, headers: {'webhook-id': id, 'webhook-timestamp': String(atS), 'webhook-signature': signature}};
}

/** Signs a body with the stripe package. */
export function signStripe(secret, body, {atS = nowS()} = {}) {
    const header = stripe.webhooks.generateTestHeaderString({payload: body, secret, timestamp: atS});
    return {body, headers: {'stripe-signature': header}};
}

export function signHmac(header, secret, body) {
    return {body, headers: {[header]: createHmac('sha256', secret).update(body).digest('hex')}};
}

export function form(email, {atS = nowS(), id = fresh('sub'), offer = 'group_program', firstName = 'Ada', source = 'podcast', consent = null, formVersion = null} = {}) {
    const proof = {consent, form_version: formVersion, ip_hash: formVersion && '9f2c'};
    const data = {submission_id: id, email, first_name: firstName, offer, source, ...proof};
    for (const key of Object.keys(data)) if (data[key] === null) delete data[key];
    return signStandard(SECRETS.form_secret, JSON.stringify({type: 'form.submitted', timestamp: iso(atS), data}));
}

export function booking(email, {atS = nowS(), id = fresh('evt'), event = 'booking.created', phone} = {}) {
    const body = {id, event, created_at: iso(atS), booking: {id: fresh('bk'), invitee: {email, phone}}};
    return signHmac('X-Signature', SECRETS.calendar_secret, JSON.stringify(body));
}

export function paymentBody(email, {atS = nowS(), id = fresh('evt'), payment = fresh('pi')} = {}) {
    return JSON.stringify({
        id,
        object: 'event',
        type: 'checkout.session.completed',
        created: atS,
        data: {object: {payment_intent: payment, payment_status: 'paid', amount_total: 49900, customer_details: {email}}},
    });
}

export const payment = (email, options = {}) => signStripe(SECRETS.checkout_secret, paymentBody(email, options));

export function access(email, {atS = nowS(), id = fresh('acc'), event = 'course.access_granted', course = 'first_steps'} = {}) {
    const body = {id, event, occurred_at: iso(atS), member: {email}, course: {id: course}};
    return signHmac('X-Course-Signature', SECRETS.course_secret, JSON.stringify(body));
}

export function mail(email, {atS = nowS(), id = fresh('mail'), template = 'member_welcome'} = {}) {
    const body = {type: 'message.sent', timestamp: iso(atS), data: {message_id: id, to: email, template}};
    return signStandard(SECRETS.email_secret, JSON.stringify(body));
}

/** The lines of paths/form_to_member.yaml, with short deadlines for payment_to_access. */
export function quick({within = '1 second', failAfter = '1 hour', more = []} = {}) {
    return {
        'paths/form_to_member.yaml': [
            ['within: 5 minutes', `within: ${within}`],
            ['fail_after: 1 hour', `fail_after: ${failAfter}`],
            ...more,
        ],
    };
}
