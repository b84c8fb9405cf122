import { describe, expect, it } from "vitest";
import { keepSecrets, rememberSecrets } from "../../src/secrets/known-secrets.ts";
import { redact } from "../../src/secrets/redact.ts";
import { shorten } from "../../src/secrets/shorten.ts";

const SIGNATURE = "fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYzEXAMPLEKEY";
const TOKEN = `IQoJb3JpZ2luX2VjEXAMPLE/+session${"/aB3+xY9".repeat(60)}==`;

/** Ways in which a server can give back what it was sent. */
const ENCODINGS: Readonly<Record<string, (secret: string) => string>> = {
	"as it is": (secret) => secret,
	"URL-encoded": encodeURIComponent,
	"URL-encoded, in lower case": (secret) =>
		encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
	"URL-encoded as a whole": (secret) => everyCharacter(secret, (code) => `%${hex(code)}`),
	"URL-encoded in part": (secret) => secret.replaceAll("+", "%2B"),
	"URL-encoded twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
	"URL-decoded, with spaces for plus": (secret) => secret.replaceAll("+", " "),
	"as form data": (secret) => new URLSearchParams({ secret }).toString().slice("secret=".length),
	"with decimal entities": (secret) => everyCharacter(secret, (code) => `&#${code};`),
	"with hexadecimal entities": (secret) => everyCharacter(secret, (code) => `&#x${hex(code)};`),
	"with named entities": (secret) =>
		secret.replaceAll("/", "&sol;").replaceAll("+", "&plus;").replaceAll("=", "&equals;"),
	"with entities within entities": (secret) => secret.replaceAll("/", "&amp;#x2F;"),
	"in JSON that escapes slashes": (secret) => JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/"),
	"in JSON within JSON": (secret) =>
		JSON.stringify(JSON.stringify(secret).replaceAll("/", "\\/")).slice(3, -3),
	"in JSON of \\u escapes": (secret) => everyCharacter(secret, (code) => `\\u00${hex(code)}`),
	"with \\x escapes": (secret) => everyCharacter(secret, (code) => `\\x${hex(code)}`),
	"with octal escapes": (secret) =>
		everyCharacter(secret, (code) => `\\${code.toString(8).padStart(3, "0")}`),
	"in base64": (secret) => base64(secret),
	"in base64 behind one byte": (secret) => base64(`:${secret}`),
	"in base64 behind two bytes, before one": (secret) => base64(`ab${secret}c`),
	"in base64 behind a user": (secret) => base64(`AKIAIOSFODNN7EXAMPLE:${secret}:more`),
	"in base64url": (secret) => Buffer.from(secret).toString("base64url"),
	"in base64, URL-encoded": (secret) => encodeURIComponent(base64(secret)),
	"in base64 of 76 characters a line": (secret) => base64(secret).replace(/.{76}/g, "$&\r\n"),
	"in hex": (secret) => Buffer.from(secret).toString("hex"),
	"in upper-case hex": (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
	"in lines": (secret) => secret.replace(/.{10}/g, "$&\n"),
	"in lines that are indented": (secret) => secret.replace(/.{17}/g, "$&\r\n\t  "),
	"in lines, as they are shown": (secret) => secret.replace(/.{20}/g, "$&\\x0d\\x0a"),
	"in lines, as entities": (secret) => secret.replace(/.{20}/g, "$&&#10;"),
};

function everyCharacter(text: string, write: (code: number) => string): string {
	return [...text].map((character) => write(character.charCodeAt(0))).join("");
}

function hex(code: number): string {
	return code.toString(16).padStart(2, "0");
}

function base64(text: string): string {
	return Buffer.from(text).toString("base64");
}

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

	describe.each([
		["of a secret key", SECRET],
		["of a session token", TOKEN],
	])("finds what a server repeats %s", (_what, secret) => {
		it.each(Object.entries(ENCODINGS))("%s", (_how, encode) => {
			rememberSecrets(secret);
			const repeated = encode(secret);
			for (const [before, after] of [
				["the server said <", "> and went on"],
				["%41%2(", " &amp; more\\n"],
				["", ""],
			])
				expect(redact(`${before}${repeated}${after}`, {})).toBe(`${before}[secret]${after}`);
			expect(redact(`one ${repeated} two ${repeated}.`, {})).toBe("one [secret] two [secret].");
		});

		it("also where it was cut, but for a few characters", () => {
			for (const cut of [secret.slice(0, -3), secret.slice(5), secret.slice(7, 40)]) {
				const shown = redact(`(${cut})`, { AWS_SESSION_TOKEN: secret });
				expect(shown).toContain("[secret]");
				expect(shown.replace("[secret]", "").length).toBeLessThan(2 * 25);
			}
		});
	});

	it("takes out users and passwords of addresses, and passwords that are known from them", () => {
		const environment = { https_proxy: "http://me:p%40ssw0rd-of-proxy@proxy:3128" };
		expect(redact("via http://me:other@proxy:3128/x, p@ssw0rd-of-proxy", environment)).toBe(
			"via http://[secret]@proxy:3128/x, [secret]",
		);
		expect(redact("s3://bucket/user:name@2x.png", environment)).toBe("s3://bucket/user:name@2x.png");
	});

	it("finds names of secrets also where they are escaped", () => {
		expect(redact("https%3A%2F%2Fh%2Fk%3FX-Amz-Signature%3Dabc123%26x%3D1", {})).toBe(
			"https%3A%2F%2Fh%2Fk%3FX-Amz-Signature%3D[secret]%26x%3D1",
		);
		expect(redact("&quot;x-amz-security-token&quot;: &quot;abc/d&quot;, &quot;a&quot;", {})).toBe(
			"&quot;x-amz-security-token&quot;: &quot;[secret]&quot;, &quot;a&quot;",
		);
	});

	it("knows the latest secrets, of those that are renewed all the time", () => {
		const secrets = Array.from({ length: 200 }, (_, index) => `secret-number-${index}-of-many`);
		for (const secret of secrets) rememberSecrets(secret, undefined, "short");
		expect(redact(`${secrets[199]} ${secrets[150]} short`, {})).toBe("[secret] [secret] short");
	});

	it("takes its time by the length of a text only, whatever is in it", () => {
		rememberSecrets(SECRET, TOKEN);
		// Of the processor: others may have it most of the time.
		const before = process.cpuUsage();
		for (const piece of [
			" ",
			"a.",
			"\n ",
			"%25",
			"a://",
			"authorization",
			base64(SECRET),
			Buffer.from(SECRET).toString("hex"),
		])
			redact(piece.repeat(200_000 / piece.length), {});
		const { user, system } = process.cpuUsage(before);
		expect((user + system) / 1e6).toBeLessThan(10); // seconds; the square of the length would be minutes
	});

	it.each([
		"The authorization header is malformed; the region is wrong",
		"SignatureDoesNotMatch: The request signature we calculated does not match",
		"demo/test.zip: 1 entry",
	])("leaves %s as it is, even with the secrets of test servers", (text) => {
		expect(redact(text, { AWS_SECRET_ACCESS_KEY: "test" })).toBe(text);
	});
});

describe("a secret that is a web address", () => {
	it("is taken out as a whole and in pieces of its path, and its host is left alone elsewhere", () => {
		keepSecrets("https://hc.example.com/ping/0f3a-77b1-c2d4-9e61");
		expect(redact("of https://hc.example.com/ping/0f3a-77b1-c2d4-9e61!", {})).toBe("of [secret]!");
		expect(redact("no /ping/0f3a-77b1-c2d4-9e61", {})).toBe("no [secret]");
		expect(redact("endpoint https://s3.example.com:9711", {})).toBe("endpoint https://s3.example.com:9711");
	});

	it("leaves a short path alone", () => {
		keepSecrets("https://hc.example.com/u");
		expect(redact("in /usr/share of https://hc.example.com", {})).toBe(
			"in /usr/share of https://hc.example.com",
		);
	});
});

describe("shorten", () => {
	it("takes secrets out before it cuts, so that no half of one is left", () => {
		rememberSecrets(SECRET);
		for (let before = 0; before < 100; before++) {
			const shown = shorten(`${"x".repeat(before)} ${SECRET} ${"y".repeat(100)}`, 60);
			expect(shown.length).toBeLessThanOrEqual(61);
			for (let start = 0; start + 4 <= SECRET.length; start++)
				expect(shown).not.toContain(SECRET.slice(start, start + 4));
		}
		expect(shorten("as it is", 8)).toBe("as it is");
		expect(shorten("a book", 3)).toBe("a b…");
	});
});

describe("the password of a proxy", () => {
	it.each([
		["HTTPS_PROXY", "http://user:p-ass%40word1@proxy:3128"],
		["https_proxy", "user:p-ass%40word1@proxy:3128"],
		["ALL_PROXY", "https://user:p-ass@word1@proxy"],
	])("is taken out, however the address is written: %s=%s", (name, address) => {
		expect(redact("it was p-ass@word1, as text", { [name]: address })).toBe("it was [secret], as text");
	});
});
