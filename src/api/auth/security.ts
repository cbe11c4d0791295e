/** The slot of a captcha's answer, which Auth wants there even where it is empty. */
export function security(captchaToken: string | undefined) {
	return { gotrue_meta_security: { captcha_token: captchaToken } };
}
