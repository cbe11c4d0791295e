import type { ErrorParts, Outcome } from './errors';
import type { ProxyUse } from './proxy';

interface Fault {
	readonly message: string;
	readonly hint: string;
	readonly outcome: Outcome;
}

const CHECK_URL = 'Check the Project URL in the credential.';
const CERTIFICATE: Fault = {
	message: "The server's certificate is not trusted",
	hint: 'Install the certificate authority where n8n runs (NODE_EXTRA_CA_CERTS), or switch on Ignore TLS Errors in the credential for a server of your own.',
	outcome: 'notSent',
};
const CONNECT_TIMEOUT: Fault = {
	message: 'The server could not be reached in time',
	hint: `${CHECK_URL} A firewall may stand between, or a proxy be needed (HTTPS_PROXY).`,
	outcome: 'notSent',
};
const BROKEN: Fault = {
	message: 'The connection broke before the answer was complete',
	hint: 'Try again. If it lasts, look at the logs of the project and of the proxies between.',
	outcome: 'unknown',
};
const NO_ANSWER: Fault = {
	message: 'The server did not answer in time',
	hint: 'Raise Timeout in Options, or ask for less at once. The logs of the project tell what took so long.',
	outcome: 'unknown',
};
const UNRESOLVED: Fault = {
	message: "The server's name could not be resolved",
	hint: `${CHECK_URL} A project that is paused or deleted has no name any more.`,
	outcome: 'notSent',
};
const NOT_HTTP: Fault = {
	message: 'What answered does not speak HTTP',
	hint: `${CHECK_URL} Another program may listen at that port.`,
	outcome: 'unknown',
};

/** What a connection fault means, by the code that Node.js or undici gives it. */
const FAULTS: Readonly<Record<string, Fault>> = {
	ENOTFOUND: UNRESOLVED,
	EAI_AGAIN: { ...UNRESOLVED, hint: 'The name server did not answer. Check the network of n8n.' },
	ECONNREFUSED: {
		message: 'Nothing listens at that address',
		hint: `${CHECK_URL} If the project is self-hosted, is it running? From inside a container, localhost is the container.`,
		outcome: 'notSent',
	},
	EHOSTUNREACH: CONNECT_TIMEOUT,
	ENETUNREACH: CONNECT_TIMEOUT,
	UND_ERR_CONNECT_TIMEOUT: CONNECT_TIMEOUT,
	UND_ERR_HEADERS_TIMEOUT: NO_ANSWER,
	UND_ERR_BODY_TIMEOUT: NO_ANSWER,
	ETIMEDOUT: NO_ANSWER,
	ECONNRESET: BROKEN,
	EPIPE: BROKEN,
	UND_ERR_SOCKET: BROKEN,
	UND_ERR_RES_CONTENT_LENGTH_MISMATCH: BROKEN,
	UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: {
		message: 'The content is not as long as was said',
		hint: 'It changed while it was sent, or its store told a wrong size. Nothing of it was taken.',
		outcome: 'refused',
	},
	UND_ERR_HEADERS_OVERFLOW: {
		message: "The answer's headers are too long",
		hint: 'The request echoes its address in a header: use fewer or shorter filter values.',
		outcome: 'unknown',
	},
	DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
	SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
	CERT_HAS_EXPIRED: { ...CERTIFICATE, message: "The server's certificate has expired" },
	ERR_TLS_CERT_ALTNAME_INVALID: {
		...CERTIFICATE,
		message: "The server's certificate is for another name",
		hint: CHECK_URL,
	},
	ERR_SSL_WRONG_VERSION_NUMBER: {
		message: 'The server does not speak TLS at that port',
		hint: 'Should the Project URL begin with http:// instead of https://?',
		outcome: 'notSent',
	},
};

/** What a proxy's refusal means, or that it does not answer at all. */
function proxyFault(said: string, code: string, proxy: ProxyUse | undefined): Fault {
	const variable = proxy?.variable ?? 'HTTPS_PROXY';
	const status = /proxy response \((\d+)\)/i.exec(said)?.[1];
	const [message, hint] = proxy?.loopback
		? [
				'A request to this machine was sent to a proxy',
				`${variable} is for all addresses: set NO_PROXY=localhost,127.0.0.1 where n8n runs.`,
			]
		: status === '407'
			? [
					'The proxy wants a name and a password',
					`Write them into ${variable} where n8n runs, as in http://name:password@proxy.example.com:3128.`,
				]
			: status
				? [
						'The proxy refused the connection',
						`It answered with status ${status}. ${variable} names the proxy, and NO_PROXY the hosts that need none: correct them where n8n runs.`,
					]
				: [
						'The proxy cannot be reached',
						`${variable} names it (${code}). Correct it where n8n runs, or name the host of the Project URL in NO_PROXY.`,
					];
	return { message, hint, outcome: 'notSent' };
}

/**
 * Says what a connection fault means and what became of the request.
 *
 * @param error what `undici` threw
 * @param proxy the proxy that the request went through, if it did
 * @returns the parts of an error, and the outcome
 */
export function describeFault(
	error: unknown,
	proxy?: ProxyUse,
): { outcome: Outcome; parts: ErrorParts } {
	const code = faultCode(error);
	const { outcome, ...said } = knownFault(error, code, proxy) ?? {
		message: 'The request failed on its way',
		hint: messageOf(error),
		outcome: 'unknown',
	};
	return { outcome, parts: { ...said, code } };
}

function knownFault(error: unknown, code: string, proxy: ProxyUse | undefined): Fault | undefined {
	const said = messageOf(error);
	if (/proxy response|proxy connection/i.test(said)) return proxyFault(said, code, proxy);
	const { name } = Object(error) as Partial<Error>;
	return FAULTS[code] ?? (name === 'HTTPParserError' ? NOT_HTTP : undefined);
}

/** Errors of Node.js itself are no instances of `Error` where this runs in a context of its own. */
function messageOf(error: unknown): string {
	const { message } = Object(error) as Partial<Error>;
	return typeof message === 'string' ? message : String(error);
}

/** The code of an error or of the first cause that has one: `EUNKNOWN` where there is none. */
function faultCode(error: unknown): string {
	for (let at: unknown = error, depth = 0; at && depth < 5; depth++) {
		const { code, cause, errors } = at as Error & { code?: unknown; errors?: unknown[] };
		if (typeof code === 'string') return code;
		at = cause ?? errors?.[0];
	}
	return 'EUNKNOWN';
}
