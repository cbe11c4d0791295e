import type { Advice, ServiceAdvice } from './advice';
import { STORAGE_WORDS } from './storageWords';

const FRESH_TOKEN = 'Sign in again, or refresh the session, and use the new access token.';
const COPY_KEYS =
	'Copy the keys again from the dashboard, Project Settings, API Keys, into the credential.';
const NEW_URL = 'Have a new one made.';
const LATER = 'Try again in a while.';
const WHOLE_PATH =
	'The whole path counts, folders included and in the same case. A folder is no file.';
/** With a key that is wrong these are answered as if nobody had asked, so that the key seems right. */
const READ_AS_NOBODY = /^file\.(download|getInfo|exists)$/;
const DISGUISE =
	'To a key or token that is wrong or has expired, Storage gives this same answer: if the bucket is there, check the credential or the access token.';
const POLICY =
	'Add one in the SQL editor, narrower where you can: {policySql} Or choose another Run As.';
const HIDDEN =
	'Either it is not there, or the role {role} may not see it: for that it needs a policy for {rights}.';
const LIMITED = /^(anon|authenticated)$/;

/** Who may not do it. */
const ACCESS: readonly Advice[] = [
	{
		code: /^AccessDenied$/,
		message: /"exp" claim/,
		title: 'The access token has expired',
		mend: FRESH_TOKEN,
	},
	{
		code: /^AccessDenied$/,
		message: /signature verification/,
		title: 'The access token is not one of this project',
		mend: 'The token is of another project, or was changed. Is it from the project of the credential?',
	},
	{
		code: /^AccessDenied$/,
		message: /JWS|JWT/,
		title: 'The key or token was not accepted',
		mend: `The key is not one of this project. ${COPY_KEYS}`,
	},
	{
		code: /./,
		message: /required property 'authorization'/,
		title: 'The key was not accepted',
		mend: 'The gateway did not accept the key. A self-hosted project that does not know the new sb_ keys needs the legacy ones.',
	},
	{
		code: /^AccessDenied$/,
		message: /Invalid role/,
		title: 'Only the service role may do this',
		mend: 'Choose Service Role in Run As.',
	},
	{
		status: /^403$/,
		message: /row-level security|Access denied/i,
		title: 'No policy lets the role {role} do this in {bucket}',
		mend: `The role {role} needs a policy for {rights}. ${POLICY}`,
	},
	{
		status: /^403$/,
		message: /row-level security|Access denied/i,
		title: 'No policy lets the role {role} do this',
		mend: 'The role {role} needs a policy for {rights}. Or choose another Run As.',
	},
	{
		status: /^403$/,
		message: /row-level security|Access denied/i,
		title: 'No policy lets this role do this',
		mend: 'Add a policy on storage.objects or storage.buckets, or choose another Run As.',
	},
];

/** What is not there. */
const MISSING: readonly Advice[] = [
	{
		code: /^NoSuchBucket$/,
		on: READ_AS_NOBODY,
		as: LIMITED,
		title: 'There is no bucket {bucket}',
		mend: `Check the bucket's ID, upper and lower case included. ${HIDDEN} ${DISGUISE}`,
	},
	{
		code: /^NoSuchBucket$/,
		on: READ_AS_NOBODY,
		title: 'There is no bucket {bucket}',
		mend: `Check the bucket's ID, upper and lower case included. ${DISGUISE}`,
	},
	{
		code: /^NoSuchBucket$/,
		as: LIMITED,
		title: 'There is no bucket {bucket}',
		mend: `Check the bucket's ID, upper and lower case included. ${HIDDEN}`,
	},
	{
		code: /^NoSuchBucket$/,
		title: 'There is no bucket {bucket}',
		mend: "Check the bucket's ID, upper and lower case included.",
	},
	{
		status: /^404$/,
		message: /^Bucket not found/,
		title: 'There is no such bucket',
		mend: "Check the bucket's ID, upper and lower case included.",
	},
	{
		code: /^NoSuchKey$/,
		as: LIMITED,
		title: 'There is no file {file}',
		mend: `Check bucket and path. ${WHOLE_PATH} ${HIDDEN}`,
	},
	{
		code: /^NoSuchKey$/,
		title: 'There is no file {file}',
		mend: `Check bucket and path. ${WHOLE_PATH}`,
	},
	{
		code: /^NoSuchKey$/,
		title: 'The file was not found',
		mend: `Check bucket and path. ${WHOLE_PATH}`,
	},
	{
		code: /^InvalidRequest$/,
		message: /related resource/,
		title: 'There is no bucket {targetBucket}',
		mend: 'Check its ID, or create it first.',
	},
	{
		code: /^InvalidRequest$/,
		message: /related resource/,
		title: 'The bucket does not exist',
		mend: 'Check its ID, or create it first.',
	},
	{
		status: /^404$/,
		message: /^The file for this url was not found/,
		title: 'The upload is not there any more',
		mend: 'It was finished, ended or has expired. Upload the file again.',
	},
	{
		code: /./,
		message: /Route \w+:\/render/,
		title: 'The project does not transform images',
		mend: 'That needs a paid plan or, where it is self-hosted, imgproxy.',
	},
	{
		code: /./,
		message: /^Route /,
		title: 'This version of Storage does not know the request',
		mend: 'Update the project, or check the Project URL and the Storage Address in the credential.',
	},
];

/** What is there already. */
const THERE: readonly Advice[] = [
	{
		code: /^(Key|Resource)AlreadyExists$|^$/,
		status: /^409$/,
		message: /already exists/,
		on: /^file\.(upload|copy|createSignedUploadUrl)$/,
		title: '{target} exists already: switch on Overwrite',
		mend: 'Overwrite is in Options. Or choose another path.',
	},
	{
		code: /^(Key|Resource)AlreadyExists$|^$/,
		status: /^409$/,
		message: /already exists/,
		on: /^file\.move$/,
		title: '{target} exists already',
		mend: 'Move never overwrites: choose another path, delete that file first, or Copy with Overwrite.',
	},
	{
		code: /^(Key|Resource)AlreadyExists$|^$/,
		status: /^409$/,
		message: /already exists/,
		on: /^file\.uploadToSignedUrl$/,
		title: 'A file is at the path of the signed URL already',
		mend: 'A signed upload URL is good for one upload. Have one made with Overwrite on.',
	},
	{
		code: /^BucketAlreadyExists$/,
		title: 'There is a bucket {bucketName} already',
		mend: 'Choose another name, or use the bucket that is there.',
	},
	{
		code: /^BucketAlreadyExists$/,
		title: 'A bucket of this name exists already',
		mend: 'Choose another name, or use the bucket that is there.',
	},
	{
		code: /^(Key|Resource)AlreadyExists$|^$/,
		status: /^409$/,
		message: /already exists/,
		title: 'A file is there already',
		mend: 'Choose another path, switch on Overwrite in Options where there is one, or delete it first.',
	},
	{
		status: /^409$/,
		message: /^Upload-Offset conflict/,
		title: 'The server has another part of the upload than was sent',
		mend: 'Another execution may upload to the same path at this moment. Upload the file again.',
	},
	{
		code: /^ResourceNotEmpty$/,
		title: 'The bucket {bucket} is not empty',
		mend: 'Switch on Empty First, or delete the files before. A bucket that was just emptied may take a while.',
	},
	{
		code: /^ResourceNotEmpty$/,
		title: 'The bucket is not empty',
		mend: 'Switch on Empty First, or delete the files before. A bucket that was just emptied may take a while.',
	},
];

/** What does not fit. */
const CONTENT: readonly Advice[] = [
	{
		code: /^InvalidMimeType$/,
		message: /^mime type (?<type>.+) is not supported/,
		on: /^bucket/,
		title: '{type} is no MIME type',
		mend: 'Allowed MIME Types are such as image/png, or image/* for all images.',
	},
	{
		code: /^InvalidMimeType$|^$/,
		message: /^mime type (?<type>.+) is not supported/,
		title: 'The bucket does not take {type}',
		mend: "The bucket's Allowed MIME Types do not have it. They are compared letter by letter, a charset included: give another Content Type in Options, or change the bucket.",
	},
	{
		code: /^InvalidMimeType$/,
		title: 'The content type is not one',
		mend: 'Give a Content Type in Options, such as image/png.',
	},
	{
		code: /^EntityTooLarge$/,
		on: /^bucket/,
		title: 'File Size Limit is above what the project allows',
		mend: "Lower it, or raise the project's own limit first: dashboard, Storage, Settings.",
	},
	{
		code: /^EntityTooLarge$/,
		title: 'The file is too large',
		mend: "It is larger than the bucket's File Size Limit or than the project's. The project's is in the dashboard under Storage, Settings.",
	},
	{
		status: /^413$/,
		title: 'The file is too large',
		mend: "It is larger than the bucket's File Size Limit or than the project's. The project's is in the dashboard under Storage, Settings.",
	},
	{
		code: /^InvalidKey$|^$/,
		message: /^Invalid key: (?<key>.+)/s,
		title: 'Storage does not take the path {key}',
		mend: 'Use letters from a to z, digits and simple signs, or switch on Make Names Safe.',
	},
	{
		code: /^InvalidKey$|^$/,
		message: /^Invalid key/,
		title: 'The path is empty, or one that Storage does not take',
		mend: 'Use letters from a to z, digits and simple signs, or switch on Make Names Safe.',
	},
	{
		message: /^Bucket name invalid/,
		title: 'Storage does not take the bucket name {bucketName}',
		mend: 'Use letters, digits and simple signs, up to 100 of them, without blanks at the ends.',
	},
	{
		message: /^Bucket name invalid/,
		title: 'Storage does not take this bucket name',
		mend: 'Use letters, digits and simple signs, up to 100 of them, without blanks at the ends.',
	},
	{
		code: /^InvalidRange$/,
		title: 'The file has fewer bytes than that, or none',
		mend: 'Ask for a part that lies within the file.',
	},
	{
		message: /file_size_limit must/,
		title: 'File Size Limit is no size',
		mend: 'Give a number of bytes, or a text such as 50MB.',
	},
	{
		message: /(?:body|querystring)[/ ](?<field>[\w/]+) must (?<rule>.+?)(?:,|$)/,
		title: 'Storage does not take the value of {field}: it must {rule}',
		mend: 'Check the options of that name.',
	},
	{
		message: /limited to (?<count>\d+) objects/,
		title: 'Storage takes {count} files in one request at most',
		mend: 'Give fewer paths to an item.',
	},
	{
		message: /must have required property '(?<field>.+?)'/,
		title: 'Storage misses the value of {field}',
		mend: 'Fill in what the operation asks for.',
	},
	{
		code: /^InvalidParameter$/,
		message: /^Invalid Parameter (?<field>.+)/,
		title: 'Storage does not take the value of {field}',
		mend: 'Check the options of that name.',
	},
	{
		code: /^MissingParameter$/,
		message: /^Missing Required Parameter (?<field>\S+)/,
		title: 'The Storage server is set up without {field}',
		mend: 'Set it where Storage is self-hosted, or do without what needs it.',
	},
	{
		message: /^(No content provided|Body )/,
		title: 'Nothing reached Storage that it could store or read',
		mend: 'A proxy between may have dropped the content. Give the file again.',
	},
	{
		code: /^FST_ERR_BAD_URL$/,
		title: 'Storage cannot read the address',
		mend: 'Take % out of the path, or switch on Make Names Safe.',
	},
	{
		message: /^invalid input syntax for type json/,
		title: 'The metadata is no JSON object',
		mend: 'Give an object of names and values in Metadata.',
	},
];

/** What signed URLs and resumable uploads are refused for. */
const SIGNED: readonly Advice[] = [
	{
		code: /^InvalidJWT$/,
		message: /"exp" claim/,
		title: 'The signed URL has expired',
		mend: NEW_URL,
	},
	{
		code: /^InvalidJWT$|^InvalidSignature$/,
		title: 'The signed URL is not one for this',
		mend: `The signed URL was changed, or is for another path or purpose. ${NEW_URL}`,
	},
	{
		message: /^Invalid signature|^signature verification|^Missing x-signature/,
		title: 'The signed URL is not one for this',
		mend: `The signed URL was changed, or is for another path or purpose. ${NEW_URL}`,
	},
	{
		message:
			/^(Invalid (content-type|tus-resumable|upload-)|Metadata header|Upload-(Length|Offset)|Tus-Resumable|Cannot terminate)/,
		title: 'The resumable upload was not understood',
		mend: 'A proxy between may take headers away. Upload the file again.',
	},
	{
		status: /^412$/,
		title: 'The resumable upload was not understood',
		mend: 'A proxy between may take headers away. Upload the file again.',
	},
];

/** What Storage itself has trouble with. */
const STATE: readonly Advice[] = [
	{
		code: /^ResourceLocked$|^SlowDown$/,
		title: 'Storage has too much to do at the moment',
		mend: 'Try again in a while, with fewer at once.',
	},
	{
		code: /^DatabaseTimeout$/,
		title: 'The database did not answer Storage in time',
		mend: LATER,
	},
	{
		status: /^500$/,
		title: 'Storage failed',
		mend: 'The service failed. The logs in the dashboard, under Storage, tell more.',
	},
	{
		status: /^409$/,
		title: 'A file is there already',
		mend: 'Choose another path, or switch on Overwrite in Options.',
	},
	{
		status: /^415$/,
		title: 'The bucket does not take this content type',
		mend: "The bucket's Allowed MIME Types do not have this content type.",
	},
	{
		status: /^404$/,
		title: 'It is not there',
		mend: `Check bucket and path. ${WHOLE_PATH}`,
	},
	{
		status: /^400$/,
		message: /^HTTP status 400$/,
		title: 'Storage refused this without saying why',
		mend: `Check bucket and path. ${WHOLE_PATH}`,
	},
];

/** What Storage refuses. */
export const STORAGE: ServiceAdvice = {
	advice: [...ACCESS, ...MISSING, ...THERE, ...CONTENT, ...SIGNED, ...STATE],
	words: STORAGE_WORDS,
};
