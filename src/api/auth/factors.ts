import type { ApiRequest } from '../request';
import { readMade } from './answers';
import type { Channel } from './contact';
import { authRequest } from './request';

/** A factor that is to be: an app with codes, or a phone. */
export type NewFactor =
	| { readonly factor_type: 'totp'; readonly friendly_name?: string; readonly issuer?: string }
	| { readonly factor_type: 'phone'; readonly friendly_name?: string; readonly phone: string };

/** `POST /factors`: a factor that counts once a code of it was verified. */
export function enroll(factor: NewFactor): ApiRequest {
	return authRequest('POST', ['factors'], { body: factor });
}

/**
 * Reads a factor that was enrolled.
 *
 * @returns the factor without its QR code, some 280 kB of SVG, and that by itself
 * @throws SupabaseApiError for what is no factor
 */
export function readEnrolled(body: unknown): {
	readonly factor: Readonly<Record<string, unknown>>;
	readonly qrCode: string | undefined;
} {
	const made = readMade(body);
	const { totp } = made;
	if (typeof totp !== 'object' || totp === null) return { factor: made, qrCode: undefined };
	const { qr_code: qrCode, ...rest } = totp as Record<string, unknown>;
	return {
		factor: { ...made, totp: rest },
		qrCode: typeof qrCode === 'string' && qrCode ? qrCode.replace(/^data:[^,]*,/, '') : undefined,
	};
}

/**
 * `POST /factors/…/challenge`: begins a verification; to a phone it sends a code.
 *
 * @param channel how it is sent; for a phone alone
 * @param sends whether the factor is a phone, or may be one
 */
export function challenge(
	factorId: string,
	{ channel, sends }: { readonly channel?: Channel; readonly sends: boolean },
): ApiRequest {
	return authRequest('POST', ['factors', factorId, 'challenge'], {
		body: { channel },
		repeatable: !sends,
	});
}

/** `POST /factors/…/verify`: from the same IP address as the challenge, within five minutes. */
export function verifyFactor(factorId: string, challengeId: string, code: string): ApiRequest {
	return authRequest('POST', ['factors', factorId, 'verify'], {
		body: { challenge_id: challengeId, code },
	});
}

/** `DELETE /factors/…` */
export function unenroll(factorId: string): ApiRequest {
	return authRequest('DELETE', ['factors', factorId]);
}
