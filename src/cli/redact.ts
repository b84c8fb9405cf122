/** Variables whose values are nobody's business. */
const SECRET_VARIABLES = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"];
/** The keys of test servers are words such as `test`, which occur in any text. */
const MIN_SECRET_LENGTH = 16;

/** What stands in front of a secret in a request, and the secret; quotes and escapes of JSON end it. */
const SECRETS_OF_REQUESTS = [
	/(\bauthorization["'\\]*\s*[:=]\s*["'\\]*)[^\s"'\\<&,][^"'\\\r\n<]*/gi,
	/(\bx-amz-security-token["'\\]*\s*[:=]\s*["'\\]*)[^\s"'\\<&,]+/gi,
	/(\b(?:x-amz-)?signature["'\\]*\s*[:=]\s*["'\\]*)[^\s"'\\<&,]+/gi,
	/(\bCredential=)[^\s"'\\<&,]+/g,
	// What services that give out credentials are asked with, and what they answer.
	/(\b(?:WebIdentityToken|SAMLAssertion|x-amz-sso_bearer_token|accessToken|refreshToken|idToken|clientSecret|SecretAccessKey|SessionToken)["'\\]*\s*[:=>]\s*["'\\]*)[^\s"'\\<&,]+/gi,
];

/**
 * Takes secrets out of text that is about to be shown. None is put in on purpose: this is for servers and
 * gateways that repeat a request in their error pages, and for addresses that carry a signature.
 */
export function redact(text: string, environment: NodeJS.ProcessEnv = process.env): string {
	let shown = text;
	for (const name of SECRET_VARIABLES) {
		const secret = environment[name];
		if (secret !== undefined && secret.length >= MIN_SECRET_LENGTH)
			shown = shown.replaceAll(secret, "[secret]");
	}
	for (const pattern of SECRETS_OF_REQUESTS) shown = shown.replace(pattern, "$1[secret]");
	return shown;
}
