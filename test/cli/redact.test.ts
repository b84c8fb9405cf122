import { describe, expect, it } from "vitest";
import { redact } from "../../src/cli/redact.ts";

const SIGNATURE = "fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024";

describe("redact", () => {
	it.each([
		[
			`Authorization: AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${SIGNATURE}`,
			"Authorization: [secret]",
		],
		[`{"authorization":"Bearer abc.def","next":1}`, `{"authorization":"[secret]","next":1}`],
		["X-Amz-Security-Token: abc/+==; Host: x", "X-Amz-Security-Token: [secret] Host: x"],
		[
			`https://h/k?X-Amz-Credential=AKID%2F2026&X-Amz-Security-Token=abc%2B&X-Amz-Signature=${SIGNATURE}&x=1`,
			"https://h/k?X-Amz-Credential=[secret]&X-Amz-Security-Token=[secret]&X-Amz-Signature=[secret]&x=1",
		],
		[
			"Action=AssumeRoleWithWebIdentity&WebIdentityToken=ey.J0/+==&Version=2011-06-15",
			"Action=AssumeRoleWithWebIdentity&WebIdentityToken=[secret]&Version=2011-06-15",
		],
		[
			"<SecretAccessKey>abc/+</SecretAccessKey><SessionToken>x</SessionToken>",
			"<SecretAccessKey>[secret]</SecretAccessKey><SessionToken>[secret]</SessionToken>",
		],
		[`{"accessToken":"abc","clientSecret": "d/e"}`, `{"accessToken":"[secret]","clientSecret": "[secret]"}`],
		[`it said \\"authorization: Basic dXNlcg==\\" here`, `it said \\"authorization: [secret]\\" here`],
	])("takes the secret out of %s", (text, expected) => {
		expect(redact(text, {})).toBe(expected);
	});

	it("takes the values of the variables out, wherever they are", () => {
		const environment = {
			AWS_SECRET_ACCESS_KEY: "0123456789/abcdef+",
			AWS_SESSION_TOKEN: "token-of-some-length",
		};
		expect(redact("a0123456789/abcdef+b token-of-some-length", environment)).toBe("a[secret]b [secret]");
	});

	it.each([
		"The authorization header is malformed; the region is wrong",
		"SignatureDoesNotMatch: The request signature we calculated does not match",
		"demo/test.zip: 1 entry",
	])("leaves %s as it is, even with the secrets of test servers", (text) => {
		expect(redact(text, { AWS_SECRET_ACCESS_KEY: "test" })).toBe(text);
	});
});
