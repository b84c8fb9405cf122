import { describe, expect, it } from "vitest";
import { parseS3Url } from "../../src/s3/address.ts";
import { fitsHostName, resourceName, unusualName } from "../../src/s3/bucket-name.ts";
import { findEndpoint } from "../../src/s3/client/endpoint.ts";

const ACCESS_POINT = "arn:aws:s3:eu-central-1:123456789012:accesspoint/name";

describe("an access point", () => {
	it.each([
		["arn:aws:s3::123456789012:accesspoint/m.mrap", /^bucket must be an access point of one region.*SigV4A/],
		[
			"arn:aws:s3-object-lambda:eu-west-1:123456789012:accesspoint/name",
			/^bucket must be a bucket or an access point that takes uploads/,
		],
		[
			"arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/name",
			/^bucket must be the alias of the access point instead of its ARN/,
		],
		["arn:aws:s3:::bucket", /^bucket must be a name, or the ARN of an access point such as arn:/],
		["arn:aws:s3:eu-west-1:1:accesspoint/name", /^bucket must be a name, or the ARN of an access point/],
	])("of a kind that uploads cannot go through is refused with the reason: %s", (arn, message) => {
		expect(() => parseS3Url(`s3://${arn}/key`)).toThrow(message);
	});

	it("is asked in its own region, by a host name", async () => {
		const wanted = { region: "us-east-1", provider: "aws" } as const;
		expect(await findEndpoint(wanted, ACCESS_POINT)).toMatchObject({
			signingRegion: "eu-central-1",
			pathStyle: false,
		});
		await expect(findEndpoint({ ...wanted, pathStyle: true }, ACCESS_POINT)).rejects.toThrow(
			"pathStyle is not for access points",
		);
	});

	it.each(["http://127.0.0.1:9000", "https://[::1]"])(
		"needs a name to stand in front of, unlike %s",
		async (endpoint) => {
			await expect(findEndpoint({ endpoint }, ACCESS_POINT)).rejects.toThrow(
				`the endpoint "${endpoint}" is an IP address, which the name of an access point cannot be put in front of`,
			);
			const named = { endpoint: "https://vpce-1.s3.eu-central-1.vpce.amazonaws.com" };
			expect(await findEndpoint(named, ACCESS_POINT)).toMatchObject({ ...named, pathStyle: false });
		},
	);

	it("has resources of its own in policies", () => {
		expect(resourceName(ACCESS_POINT, "a/*")).toBe(`${ACCESS_POINT}/object/a/*`);
		expect(resourceName("bucket", "a/*")).toBe("arn:aws:s3:::bucket/a/*");
	});
});

describe("a name that no bucket has ever had", () => {
	it.each(["a", ".dot", "dot.", "two..dots"])("is refused with the rule that it breaks: %s", (name) => {
		expect(() => parseS3Url(`s3://${name}/key`)).toThrow(
			/without a dot at either end or two in a row, not "/,
		);
	});
});

describe("a name that only old buckets have", () => {
	it.each(["Upper", "under_score", "-dash", "x".repeat(64)])("is warned of: %s", (name) => {
		expect(unusualName(name)).toMatchObject({ code: "UNUSUAL_BUCKET_NAME" });
		expect(fitsHostName(name)).toBe(false);
	});

	it.each(["bucket", "my.bucket-1", ACCESS_POINT])("is not %s", (name) => {
		expect(unusualName(name)).toBeUndefined();
	});

	it("goes into the path, as host names have no room for it", async () => {
		const wanted = { region: "us-east-1", provider: "aws" } as const;
		expect(await findEndpoint(wanted, "Old_Bucket")).toMatchObject({ pathStyle: true });
	});
});
