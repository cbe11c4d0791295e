import { getAdditionalKeys } from 'n8n-core';
import {
	ICredentialsHelper,
	NodeHelpers,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialsExpressionResolveValues,
	type IExecuteData,
	type IHttpRequestOptions,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import type { LoadedPacks } from './packs';

/** Decrypted credentials by the name of their type, as a person fills them in. */
export type PlainCredentials = Readonly<Record<string, ICredentialDataDecryptedObject>>;

/** Hands out plain credentials the way n8n hands out decrypted ones: with defaults filled in. */
export class TestCredentials extends ICredentialsHelper {
	constructor(
		private readonly packs: LoadedPacks,
		private readonly credentials: PlainCredentials,
	) {
		super();
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.packs.credentialType(type).properties;
	}

	/** The credential as a node gets it, but with its expressions not yet evaluated. */
	withDefaults(type: string): ICredentialDataDecryptedObject {
		const given = this.credentials[type];
		if (given === undefined) throw new Error(`The test gives no credential of type "${type}"`);
		return NodeHelpers.getNodeParameters(
			this.getCredentialsProperties(type),
			given as INodeParameters,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
	}

	getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		_executeData?: IExecuteData,
		raw?: boolean,
		values?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		return new Promise((resolve) => {
			const credential = this.withDefaults(type);
			resolve(
				raw || !values
					? credential
					: (values.workflow.expression.getParameterValue(
							credential as INodeParameters,
							values.runExecutionData,
							values.runIndex,
							values.itemIndex,
							values.node.name,
							values.connectionInputData,
							mode,
							getAdditionalKeys(additionalData, mode, values.runExecutionData),
						) as ICredentialDataDecryptedObject),
			);
		});
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	authenticate(
		_credentials: ICredentialDataDecryptedObject,
		_type: string,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return Promise.resolve(options);
	}

	preAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	runPreAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	getCredentials(): Promise<ICredentials> {
		return Promise.reject(new Error('Tests have no encrypted credentials'));
	}

	updateCredentials(): Promise<void> {
		return Promise.resolve();
	}

	updateCredentialsOauthTokenData(): Promise<void> {
		return Promise.resolve();
	}
}
