import { describe, expect, it } from "vitest";
import { goesPastProxy, type Target } from "../../../../src/s3/client/proxies/no-proxy.ts";
import { proxiesOf } from "../../../../src/s3/client/proxies/proxies.ts";

function target(url: string): Target {
	const { protocol, hostname, port } = new URL(url);
	const secure = protocol === "https:";
	return { protocol: secure ? "https:" : "http:", hostname, port: Number(port) || (secure ? 443 : 80) };
}

describe("NO_PROXY", () => {
	it.each([
		["https://s3.example.com", "s3.example.com"],
		["https://s3.example.com", "example.com"],
		["https://s3.example.com", ".example.com"],
		["https://s3.example.com", "*.example.com"],
		["https://S3.Example.com.", "EXAMPLE.COM"],
		["https://s3.example.com", "other.org, example.com"],
		["https://s3.example.com", "other.org example.com"],
		["https://s3.example.com", "*"],
		["https://s3.example.com:9000", "example.com:9000"],
		["http://10.1.2.3", "10.1.2.3"],
		["http://10.1.2.3", "10.0.0.0/8"],
		["http://[fd00::1]:9000", "fd00::/8"],
		["http://[fd00::1]:9000", "[fd00::1]"],
		["http://[fd00::1]:9000", "[fd00::1]:9000"],
		["http://[fd00::1]:9000", "fd00::1"],
	])("has %s go straight with %j", (url, noProxy) => {
		expect(goesPastProxy(target(url), noProxy)).toBe(true);
	});

	it.each([
		["https://s3.example.com", ""],
		["https://notexample.com", "example.com"],
		["https://example.com", "s3.example.com"],
		["https://s3.example.com", "example.com:9000"],
		["http://10.1.2.3", "2.3"],
		["http://11.1.2.3", "10.0.0.0/8"],
		["http://10.1.2.3", "10.0.0.0/99"],
		["http://10.1.2.3", "fd00::/8"],
	])("has %s go through the proxy with %j", (url, noProxy) => {
		expect(goesPastProxy(target(url), noProxy)).toBe(false);
	});

	it.each(["http://localhost:9000", "https://minio.localhost", "http://127.0.0.9", "http://[::1]:1"])(
		"is not needed for this machine itself: %s",
		(url) => {
			expect(goesPastProxy(target(url), "")).toBe(true);
		},
	);
});

describe("the proxy of the environment", () => {
	const secure = target("https://s3.example.com");
	const plain = target("http://s3.example.com");

	it.each([
		[{ HTTPS_PROXY: "http://p:3128" }, "http://p:3128", undefined],
		[{ https_proxy: "http://a", HTTPS_PROXY: "http://b" }, "http://a", undefined],
		[{ https_proxy: "", HTTPS_PROXY: "http://b" }, "http://b", undefined],
		[{ HTTP_PROXY: "http://p:3128" }, undefined, "http://p:3128"],
		[{ http_proxy: "https://p" }, undefined, "https://p"],
		[{ ALL_PROXY: "p:3128" }, "http://p:3128", "http://p:3128"],
		[{ ALL_PROXY: "http://p", NO_PROXY: "example.com" }, undefined, undefined],
		[{ ALL_PROXY: "http://p", no_proxy: "example.com", NO_PROXY: "x" }, undefined, undefined],
		[{ HTTP_PROXY: "http://evil", REQUEST_METHOD: "GET" }, undefined, undefined],
		[{ http_proxy: "http://p", REQUEST_METHOD: "GET" }, undefined, "http://p"],
		[{ HTTPS_PROXY: "http://[fd00::1]:3128" }, "http://[fd00::1]:3128", undefined],
	])("%j", (environment: NodeJS.ProcessEnv, ofSecure, ofPlain) => {
		const proxyFor = proxiesOf(environment);
		expect([proxyFor(secure)?.shown, proxyFor(plain)?.shown]).toEqual([ofSecure, ofPlain]);
	});

	it("is not itself reached through another one", () => {
		const proxyFor = proxiesOf({ ALL_PROXY: "https://proxy.example.com:3129" });
		expect(proxyFor(target("https://proxy.example.com:3129"))).toBeUndefined();
		expect(proxyFor(target("https://proxy.example.com"))?.port).toBe(3129);
	});

	it("has user and password apart from what is shown", () => {
		const proxy = proxiesOf({ HTTPS_PROXY: "http://user:p%40ss@proxy:3128" })(secure);
		expect(proxy).toMatchObject({
			hostname: "proxy",
			port: 3128,
			shown: "http://proxy:3128",
			authorization: `Basic ${Buffer.from("user:p@ss").toString("base64")}`,
		});
	});

	it.each(["socks5://user:secret@p:1080", "ftp://user:secret@p", "http://user:secret@:1"])(
		"of a kind that is not supported is refused by its name, without the password: %s",
		(address) => {
			const proxyFor = proxiesOf({ ALL_PROXY: address });
			expect(() => proxyFor(secure)).toThrow(/of ALL_PROXY is not one that zipferry can use/);
			expect(() => proxyFor(secure)).not.toThrow(/secret/);
			expect(proxyFor(target("http://localhost"))).toBeUndefined();
		},
	);
});
