import type { SupabaseApiError } from '../api/errors';
import type { Advice } from './advice';

const FRESH_TOKEN = 'Sign in again, or refresh the session, and use the new access token.';
const NEW_URL = 'Have a new one made.';

/** How to mend what Storage refuses; the first that fits. */
const ADVICE: readonly Advice[] = [
	{ code: /^AccessDenied$/, message: /"exp" claim/, mend: `The token has expired. ${FRESH_TOKEN}` },
	{
		code: /^AccessDenied$/,
		message: /signature verification/,
		mend: 'The token is of another project, or was changed. Is it from the project of the credential?',
	},
	{
		code: /^AccessDenied$/,
		message: /JWS|JWT/,
		mend: 'The key is not one of this project. Copy the keys again from the dashboard, Project Settings, API Keys, into the credential.',
	},
	{
		code: /./,
		message: /required property 'authorization'/,
		mend: 'The gateway did not accept the key. A self-hosted project that does not know the new sb_ keys needs the legacy ones.',
	},
	{ code: /^NoSuchBucket$/, mend: "Check the bucket's ID, upper and lower case included." },
	{
		code: /^NoSuchKey$/,
		mend: 'Check bucket and path: the whole path counts, folders included and in the same case. A folder is no file.',
	},
	{
		code: /^InvalidRequest$/,
		message: /related resource/,
		mend: 'The bucket does not exist. Check its ID, or create it first.',
	},
	{
		code: /^KeyAlreadyExists$|^ResourceAlreadyExists$/,
		mend: 'A file is there already. Choose another path, switch on Overwrite in Options where there is one, or delete it first.',
	},
	{ code: /^BucketAlreadyExists$/, mend: 'Choose another name, or use the bucket that is there.' },
	{
		code: /^ResourceNotEmpty$/,
		mend: 'Switch on Empty First, or delete the files before. A bucket that was just emptied may take a while.',
	},
	{
		code: /^InvalidMimeType$/,
		mend: "The bucket's Allowed MIME Types do not have it. They are compared letter by letter, a charset included: give another Content Type in Options, or change the bucket.",
	},
	{
		code: /^EntityTooLarge$/,
		mend: "The file is larger than the bucket's File Size Limit or than the project's. The project's is in the dashboard under Storage, Settings.",
	},
	{
		code: /^InvalidKey$/,
		mend: 'Use letters from a to z, digits and simple signs, or switch on Make Names Safe.',
	},
	{ code: /^InvalidJWT$/, message: /"exp" claim/, mend: `The signed URL has expired. ${NEW_URL}` },
	{
		code: /^InvalidJWT$|^InvalidSignature$/,
		mend: `The signed URL was changed, or is for another path or purpose. ${NEW_URL}`,
	},
	{ code: /^InvalidRange$/, mend: 'The file has fewer bytes than that, or none.' },
	{
		code: /./,
		message: /Route \w+:\/render/,
		mend: 'The project does not transform images: it needs a paid plan or, where it is self-hosted, imgproxy.',
	},
	{ code: /./, message: /^Route /, mend: 'This version of Storage does not know the request.' },
	{ code: /^ResourceLocked$|^SlowDown$/, mend: 'Try again in a while, with fewer at once.' },
	{ code: /^DatabaseTimeout$/, mend: 'The database did not answer in time. Try again in a while.' },
];

const BY_STATUS: Readonly<Record<number, string>> = {
	401: 'The key was not accepted. Copy the keys again from the dashboard, Project Settings, API Keys.',
	409: 'A file is there already. Choose another path, or switch on Overwrite in Options.',
	413: "The file is larger than the bucket's File Size Limit or than the project's.",
	415: "The bucket's Allowed MIME Types do not have this content type.",
	429: 'Too many requests. Wait a while, or send fewer at once.',
	500: 'The service failed. The logs in the dashboard, under Storage, tell more.',
	502: 'The service did not answer its gateway. Is the project paused or starting?',
	503: 'The service is not available. Is the project paused or starting?',
	504: 'The service did not answer its gateway in time.',
};

/** What a person can do about Storage's refusal; `undefined` where it says enough itself. */
export function storageAdvice({ code, status = 0, message }: SupabaseApiError): string | undefined {
	// Resumable uploads are refused without a code.
	const advice = ADVICE.find(
		(entry) => entry.code.test(code ?? '-') && (entry.message?.test(message) ?? true),
	);
	return advice?.mend ?? BY_STATUS[status];
}
