import { SupabaseApiError } from '../../../src/api/errors';
import { isUncertain } from '../../../src/n8n/errors';

/**
 * Says of a failure whose outcome is not known what that means for the messages; any other is given
 * back as it is.
 *
 * @param means as a sentence, for the case that the request was carried out
 */
export function lostAnswer(error: unknown, means: string): unknown {
	if (!(error instanceof SupabaseApiError) || !isUncertain(error)) return error;
	const { service, outcome, message, code, status, details, hint, requestId } = error;
	return new SupabaseApiError(
		service,
		outcome,
		{
			message: 'The answer of the queue was lost',
			...{ code, status, requestId },
			details: [message, details].filter(Boolean).join('. '),
			hint: [means, hint].filter(Boolean).join(' '),
			ours: true,
		},
		{ cause: error },
	);
}
