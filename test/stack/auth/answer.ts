import type { IncomingMessage, ServerResponse } from 'node:http';

import { sendJson } from '../gateway';
import { AuthError, OAuthError, Unexpected } from './errors';

/** The API version from which on error bodies have their newer form. */
const NEW_BODIES = '2024-01-01';

const PLAIN_JSON = { 'content-type': 'application/json' };

/** Answers with JSON; where nothing is to be said, with a status alone. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
	sendJson(response, status, body, PLAIN_JSON);
}

/** Answers with something else than JSON. */
export function answerText(
	response: ServerResponse,
	status: number,
	type: string,
	text: string,
): void {
	response.writeHead(status, { 'content-type': type }).end(text);
}

/** Sends a refusal in the form that the request's `X-Supabase-Api-Version` asks for. */
export function answerError(
	request: IncomingMessage,
	response: ServerResponse,
	error: unknown,
): void {
	const isNew = wantsNewBodies(request.headers['x-supabase-api-version']);
	if (isNew) response.setHeader('x-supabase-api-version', NEW_BODIES);
	if (error instanceof OAuthError) {
		const { error: name, description } = error;
		return answerJson(response, 400, { error: name, error_description: description });
	}
	const { status, code, message, weakPassword, named } = detailsOf(error);
	if (!isNew && error instanceof Unexpected && error.database) {
		response.setHeader('x-sb-error-code', code);
		return answerJson(response, status, error.database);
	}
	if (named && !(weakPassword && isNew)) response.setHeader('x-sb-error-code', code);
	const weak = weakPassword ? { weak_password: { reasons: weakPassword } } : {};
	answerJson(
		response,
		status,
		isNew ? { code, message, ...weak } : { code: status, error_code: code, msg: message, ...weak },
	);
}

function detailsOf(error: unknown) {
	if (error instanceof AuthError) {
		const { status, code, message, options } = error;
		return { status, code, message, weakPassword: options.weakPassword, named: true };
	}
	const unexpected = error instanceof Unexpected ? error : new Unexpected();
	const { message, named } = unexpected;
	return { status: 500, code: 'unexpected_failure', message, weakPassword: undefined, named };
}

function wantsNewBodies(version: string | string[] | undefined): boolean {
	const text = String(version ?? '');
	return /^\d{4}-\d{2}-\d{2}$/.test(text) && text >= NEW_BODIES;
}
