import { signJwt } from '../../keys';
import type { ReplayServer } from './child';
import { ofAnswer, ofRecording, type Comparable } from './compare';
import { bodyBytes, nameOf, type Exchange } from './exchange';
import { sendRaw, type Answer } from './send';
import { prepare, settingsOf } from './setup';

/** The secret that the recorded tokens are signed with. */
export const SECRET = 'fixture-jwt-secret-0123456789abcdefghij';

export interface Outcome {
	exchange: Exchange;
	recorded: Comparable;
	ours: Comparable;
}

/** Sends recorded requests to our server, one after the other: each finds what those before left. */
export class Replay {
	/** What our server made up, by what the real one had made up. */
	private readonly made = new Map<string, string>();
	private readonly credentials: Record<string, string>;
	private now = Date.parse('2026-01-01T00:00:00Z');

	constructor(private readonly server: ReplayServer) {
		const user = (sub: string, exp = 4e9) => signJwt({ role: 'authenticated', sub, exp }, SECRET);
		const sub = '11111111-1111-4111-8111-111111111111';
		this.credentials = {
			'<SECRET>': server.keys.secretKey,
			'<PUBLISHABLE>': server.keys.publishableKey,
			'<USER>': user(sub),
			'<OTHER_USER>': user('33333333-3333-4333-8333-333333333333'),
			'<EXPIRED_USER>': user(sub, 1e9),
			'<FORGED_JWT>': signJwt({ role: 'service_role' }, 'another secret'),
			'<WRONG_KEY>': 'sb_secret_wrong',
		};
	}

	async run(exchange: Exchange): Promise<Outcome> {
		await this.server.order({ now: this.timeOf(exchange), settings: settingsOf(exchange) });
		const { url, keys, directory } = this.server;
		const translate = (text: string) => this.translate(text);
		await prepare(exchange, { url, secretKey: keys.secretKey, directory, translate });
		const { method, path, headers } = exchange.request;
		const answer = await sendRaw(url, {
			method,
			path: translate(path),
			headers: Object.fromEntries(
				Object.entries(headers).map(([name, value]) => [name, this.withCredentials(value)]),
			),
			body: Buffer.from(this.translateBody(bodyBytes(exchange))),
		}).catch((error: unknown) => {
			throw new Error(`${nameOf(exchange)} broke`, { cause: error });
		});
		this.learn(exchange, answer);
		const { response } = exchange;
		return { exchange, recorded: ofRecording(response), ours: ofAnswer(answer, response.body) };
	}

	/**
	 * The time by which the recorded tokens hold, or do not: the clock of the recording went on, and
	 * stood past a token's end where the service said so.
	 */
	private timeOf({ request, response }: Exchange): number {
		const token = /token=([\w.-]+)/.exec(request.path)?.[1] ?? request.headers['x-signature'];
		const payload = token?.split('.')[1];
		if (!payload) return this.now;
		const { iat = 0, exp = 0 } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<
			'iat' | 'exp',
			number | undefined
		>;
		const { message } = (response.body ?? {}) as { message?: string };
		if (message?.includes('"exp" claim')) return (exp + 1) * 1000;
		this.now = Math.max(this.now, Math.min(iat, 2e9) * 1000);
		return this.now;
	}

	private withCredentials(value: string): string {
		return value.replace(/<[A-Z_]+>/g, (name) => this.credentials[name] ?? name);
	}

	private translate(text: string): string {
		let result = text;
		for (const [theirs, ours] of this.made) result = result.replaceAll(theirs, ours);
		return result;
	}

	private translateBody(body: Buffer): Buffer {
		return body.length > 10_000
			? body
			: Buffer.from(this.translate(body.toString('latin1')), 'latin1');
	}

	/** Ids of uploads and cursors are used again in later requests. */
	private learn({ response }: Exchange, answer: Answer): void {
		const last = (address: string | undefined) => address?.split('/').pop();
		const theirs = last(response.headers.location);
		const ours = last(answer.headers.location);
		if (theirs && ours) this.made.set(theirs, ours);
		const recorded = (response.body as { nextCursor?: string } | null)?.nextCursor;
		if (!recorded) return;
		const own = (JSON.parse(answer.body.toString()) as { nextCursor?: string }).nextCursor;
		if (own) this.made.set(recorded, own);
	}
}
