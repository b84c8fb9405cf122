import { describe, expect, it } from "vitest";
import { looksLikeS3Url, parseS3PrefixUrl, parseS3Url } from "../../src/s3/address.ts";

describe("parseS3Url", () => {
	it.each([
		["s3://bucket/key.zip", { bucket: "bucket", key: "key.zip" }],
		["S3://bucket/a/b c/ü+%.zip", { bucket: "bucket", key: "a/b c/ü+%.zip" }],
		["s3://my.bucket-1//double", { bucket: "my.bucket-1", key: "/double" }],
		["s3://My_Old-Bucket/key", { bucket: "My_Old-Bucket", key: "key" }],
		[
			"s3://arn:aws:s3:eu-central-1:123456789012:accesspoint/name/dir/key",
			{ bucket: "arn:aws:s3:eu-central-1:123456789012:accesspoint/name", key: "dir/key" },
		],
		[
			"s3://arn:aws-cn:s3:cn-north-1:123456789012:accesspoint:name/key",
			{ bucket: "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint:name", key: "key" },
		],
	])("reads %s", (url, address) => {
		expect(parseS3Url(url)).toEqual(address);
	});

	it.each([
		["s3:/bucket/key", /not an address like s3:/],
		["https://bucket/key", /not an address like s3:/],
		["s3://", /names no bucket/],
		["s3:///key", /names no bucket/],
		["s3://bucket", /names no key/],
		["s3://bucket/", /names no key/],
		["s3://bucket/dir/", /^key must be a name that does not end in "\/"/],
		["s3://ab/key", /^bucket must be 3 to 255 letters/],
		[`s3://${"b".repeat(256)}/key`, /^bucket must be 3 to 255 letters/],
		["s3://a..b/key", /^bucket must be 3 to 255 letters/],
		["s3://.../key", /^bucket must be 3 to 255 letters/],
		["s3://.abc/key", /^bucket must be 3 to 255 letters/],
		["s3://bücket/key", /^bucket must be 3 to 255 letters/],
		["s3://buck et/key", /^bucket must be 3 to 255 letters/],
		["s3://bucket\n/key", /^bucket must be 3 to 255 letters/],
		["s3://192.168.1.1/key", /^bucket must be a name that does not look like an IP address/],
		["s3://bucket/a/../b", /"\.\." segments/],
		["s3://bucket/a\0b", /NUL/],
		[`s3://bucket/${"ü".repeat(513)}`, /^key must be text of at most 1,024 bytes/],
		["s3://bucket/\ud800", /surrogate/],
	])("refuses %j with the rule it breaks", (url, message) => {
		expect(() => parseS3Url(url)).toThrow(message);
	});
});

describe("parseS3PrefixUrl", () => {
	it.each([
		["s3://bucket", ""],
		["s3://bucket/", ""],
		["s3://bucket/dir/", "dir/"],
		["S3://bucket/part-of-a-na", "part-of-a-na"],
		["s3://bucket/a/../b", "a/../b"],
	])("reads %s", (url, prefix) => {
		expect(parseS3PrefixUrl(url)).toEqual({ bucket: "bucket", prefix });
	});

	it.each([
		["bucket", /not an address like s3:/],
		["s3://", /names no bucket/],
		["s3://b ucket/", /^bucket must be 3 to 255 letters/],
		["s3://bucket/a\0b", /NUL/],
		[`s3://bucket/${"ü".repeat(513)}`, /^prefix must be text of at most 1,024 bytes/],
	])("refuses %j with the rule it breaks", (url, message) => {
		expect(() => parseS3PrefixUrl(url)).toThrow(message);
	});
});

describe("looksLikeS3Url", () => {
	it("tells an address, even a broken one, from a path", () => {
		expect(looksLikeS3Url("s3:/bucket")).toBe(true);
		expect(looksLikeS3Url("./s3:/bucket")).toBe(false);
	});
});
