import { SupabaseApiError, type ErrorParts, type Outcome } from '../../../../src/api/errors';
import type { ApiRequest, ApiResponse } from '../../../../src/api/request';
import type { Send } from '../../../../src/api/transport';

/** A `send` that answers by a function, and keeps what it was asked. */
export function fakeSend(
	answer: (request: ApiRequest, count: number) => Partial<ApiResponse>,
): Send & { readonly requests: ApiRequest[] } {
	const requests: ApiRequest[] = [];
	const send = async (request: ApiRequest) => {
		requests.push(request);
		return { status: 200, headers: {}, body: undefined, ...answer(request, requests.length) };
	};
	return Object.assign(send as Send, { requests });
}

/** The values of a query parameter, in their order. */
export function parameters(request: ApiRequest | undefined, name: string): string[] {
	return (request?.query ?? []).filter(([each]) => each === name).map(([, value]) => value);
}

export function refused(
	code: string,
	parts: Partial<ErrorParts> = {},
	outcome: Outcome = 'refused',
) {
	return new SupabaseApiError('rest', outcome, { message: `Refused: ${code}`, code, ...parts });
}
