import { getAdditionalKeys } from 'n8n-core';
import {
	ICredentialsHelper,
	isExpression,
	NodeHelpers,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialsExpressionResolveValues,
	type IDataObject,
	type IExecuteData,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type IWorkflowExecuteAdditionalData,
	type Workflow,
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

	/** What a credential type says of its headers and the like is filled in as n8n does. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		type: string,
		options: IHttpRequestOptions,
		workflow: Workflow,
		node: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.packs.credentialType(type);
		if (typeof authenticate === 'function') return await authenticate(credentials, options);
		for (const [part, values] of Object.entries(authenticate?.properties ?? {})) {
			const filled: IDataObject = {};
			for (const [key, value] of Object.entries(values as IDataObject)) {
				filled[key] = isExpression(value)
					? workflow.expression.getSimpleParameterValue(node, value, 'internal', {
							$credentials: credentials,
						})
					: value;
			}
			const given = options[part as 'headers'];
			Object.assign(options, { [part]: { ...given, ...filled } });
		}
		return options;
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
