import type { GatewayRoute } from '../gateway';
import type { Inbox, Mail, TextMessage } from './inbox';

/** Where a person reads what auth has sent. */
export const MAIL_PATH = '/__mail';

/** A page with every mail and text message, the newest first. It looks for new ones by itself. */
export function mailPage(inbox: Inbox): GatewayRoute {
	return {
		prefix: MAIL_PATH,
		open: true,
		handle: (_, response) => {
			response.writeHead(200, {
				'content-type': 'text/html; charset=utf-8',
				'cache-control': 'no-store',
			});
			response.end(pageOf(inbox));
		},
	};
}

function pageOf({ mails, messages }: Inbox): string {
	const letters = [
		...mails.map((mail) => ({ sentAt: mail.sentAt, html: mailHtml(mail) })),
		...messages.map((message) => ({ sentAt: message.sentAt, html: textHtml(message) })),
	].sort((a, b) => b.sentAt.localeCompare(a.sentAt));
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>Mail of the local Supabase</title>
<style>
	body { font: 16px/1.5 system-ui, sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem; }
	article { border: 1px solid #ccc; border-radius: 6px; padding: 1rem; margin: 1rem 0; }
	h2 { font-size: 1rem; margin: 0; }
	small { color: #666; }
	code { font-size: 1.4rem; letter-spacing: .1em; }
</style>
<h1>Mail</h1>
<p>What auth has sent, the newest first. Nothing leaves this machine.</p>
${letters.length === 0 ? '<p>Nothing has been sent yet.</p>' : letters.map(({ html }) => html).join('\n')}
</html>
`;
}

function mailHtml({ to, subject, link, code, sentAt }: Mail): string {
	return letter(subject, `${to}, ${sentAt}`, [
		...(link ? [`<a href="${escaped(link)}">Follow the link</a>`] : []),
		...(code ? [`Code: <code>${escaped(code)}</code>`] : []),
	]);
}

function textHtml({ to, channel, code, sentAt }: TextMessage): string {
	const title = channel === 'sms' ? 'Text message' : 'WhatsApp message';
	return letter(title, `+${to}, ${sentAt}`, [`Code: <code>${escaped(code)}</code>`]);
}

function letter(title: string, details: string, lines: string[]): string {
	const body = lines.map((line) => `<p>${line}</p>`).join('');
	return `<article><h2>${escaped(title)}</h2><small>${escaped(details)}</small>${body}</article>`;
}

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
