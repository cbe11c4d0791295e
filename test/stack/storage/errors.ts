/** What the storage service says when it refuses. */
export interface StorageErrorBody {
	/** The real status, as text; the HTTP status is nearly always 400. */
	statusCode: string;
	error: string;
	message: string;
	code: string;
}

interface ErrorDetails {
	statusCode: number;
	code: string;
	message: string;
	/** Name of older clients; mostly the code. */
	error?: string;
	/** HTTP status where it is not the usual 400. */
	httpStatus?: number;
}

/** A refusal with the service's own code and words. */
export class StorageError extends Error {
	readonly statusCode: number;
	readonly code: string;
	readonly httpStatus: number;
	private readonly error: string;

	constructor(details: ErrorDetails) {
		super(details.message);
		this.statusCode = details.statusCode;
		this.code = details.code;
		this.error = details.error ?? details.code;
		this.httpStatus = details.httpStatus ?? (details.statusCode === 500 ? 500 : 400);
	}

	body(): StorageErrorBody {
		return {
			statusCode: String(this.statusCode),
			error: this.error,
			message: this.message,
			code: this.code,
		};
	}
}

const make =
	(statusCode: number, code: string, message: string, error?: string) => (): StorageError =>
		new StorageError({ statusCode, code, message, error });

export const noSuchBucket = make(404, 'NoSuchBucket', 'Bucket not found', 'Bucket not found');
export const noSuchKey = make(404, 'NoSuchKey', 'Object not found', 'not_found');
export const bucketExists = make(
	409,
	'BucketAlreadyExists',
	'The resource already exists',
	'Duplicate',
);
export const keyExists = make(409, 'KeyAlreadyExists', 'The resource already exists', 'Duplicate');
export const bucketNotEmpty = make(
	409,
	'ResourceNotEmpty',
	'The bucket you tried to delete is not empty',
);
export const invalidBucketName = make(
	400,
	'InvalidBucketName',
	'Bucket name invalid',
	'Invalid Input',
);
export const tooLarge = make(
	413,
	'EntityTooLarge',
	'The object exceeded the maximum allowed size',
	'Payload too large',
);
export const noContent = make(400, 'InvalidRequest', 'No content provided');

export function invalidKey(key: string): StorageError {
	return new StorageError({ statusCode: 400, code: 'InvalidKey', message: `Invalid key: ${key}` });
}

export function invalidMimeType(
	type: string,
	message = `mime type ${type} is not supported`,
): StorageError {
	return new StorageError({
		statusCode: 415,
		code: 'InvalidMimeType',
		error: 'invalid_mime_type',
		message,
	});
}

export function accessDenied(message = 'Access denied', httpStatus?: number): StorageError {
	return new StorageError({
		statusCode: 403,
		code: 'AccessDenied',
		error: 'Unauthorized',
		message,
		httpStatus,
	});
}

export function invalidJwt(message: string): StorageError {
	return new StorageError({ statusCode: 400, code: 'InvalidJWT', message });
}

export function invalidSignature(message = 'Invalid signature'): StorageError {
	return new StorageError({ statusCode: 400, code: 'InvalidSignature', message });
}

export function invalidParameter(name: string, message = `Invalid Parameter ${name}`) {
	return new StorageError({ statusCode: 400, code: 'InvalidParameter', message });
}

/** A body, query or header that does not fit the route. */
export function invalidRequest(message: string, error = 'Error'): StorageError {
	return new StorageError({ statusCode: 400, code: 'InvalidRequest', error, message });
}

export function invalidRange(): StorageError {
	return new StorageError({
		statusCode: 416,
		code: 'InvalidRange',
		error: 'invalid_range',
		message: 'invalid range provided',
		httpStatus: 416,
	});
}

/** What nobody expected. The service hides the reason; here it helps whoever reads the test. */
export function internalError({ message }: Error): StorageError {
	return new StorageError({ statusCode: 500, code: 'InternalError', message });
}

/** What PostgreSQL refused, in the service's words; everything else as it is. */
export function fromDatabase(error: unknown): unknown {
	const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
	switch (code) {
		case '42501':
			return accessDenied(
				message.includes('row-level security')
					? 'new row violates row-level security policy'
					: message,
			);
		case '23505':
			return make(409, 'ResourceAlreadyExists', 'The resource already exists', 'Duplicate')();
		case '23503':
			return make(404, 'InvalidRequest', 'The related resource does not exist')();
		case '22P02':
			return invalidParameter('value', message);
		default:
			return error instanceof Error && 'severity' in error
				? make(500, 'DatabaseError', `database error, code: ${code}`)()
				: error;
	}
}
