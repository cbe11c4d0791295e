import type { IDataObject } from 'n8n-workflow';

import { withoutTokens, type AuthAnswer } from '../../src/api/auth/answers';
import type { Output } from '../../src/n8n/operation';

/**
 * What Auth answered, as an item.
 *
 * @param codeVerifier what the code of the link is exchanged with, where it returns one
 */
export function answered(
	answer: AuthAnswer,
	includeTokens: boolean,
	codeVerifier?: string,
): Output {
	const told = includeTokens ? answer : withoutTokens(answer);
	return { json: { ...told, ...(codeVerifier && { codeVerifier }) } as unknown as IDataObject };
}
