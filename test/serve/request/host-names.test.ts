import { describe, expect, it } from "vitest";
import { isLoopback, namesLoopback } from "../../../src/serve/request/host-names.ts";

describe("isLoopback", () => {
	it.each(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])("is true of %s", (address) => {
		expect(isLoopback(address)).toBe(true);
	});

	it.each(["0.0.0.0", "::", "192.168.1.2", "127.0.0.1.example", "localhost"])("is false of %s", (address) => {
		expect(isLoopback(address)).toBe(false);
	});
});

describe("namesLoopback", () => {
	it.each([
		...["localhost", "localhost:8080", "LOCALHOST:1", "photos.localhost", "localhost."],
		...["127.0.0.1:8080", "[::1]:8080", "[::1]"],
	])("takes %s", (host) => {
		expect(namesLoopback(host)).toBe(true);
	});

	it.each([
		undefined,
		...["", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example"],
		...[
			"192.168.1.2",
			"[::2]",
			"[::1",
			"localhost@evil.example",
			"evil.example:80:80",
			"127.0.0.1, evil.example",
		],
	])("refuses %s, which a page of somebody else may have", (host) => {
		expect(namesLoopback(host)).toBe(false);
	});
});
