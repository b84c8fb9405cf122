import { describe, expect, it } from "vitest";
import {
	PROVIDER_NAMES,
	providerByEndpoint,
	providerByName,
	providerEndpoint,
} from "../../src/s3/providers.ts";

describe("providerByEndpoint", () => {
	it.each([
		[undefined, "aws", undefined],
		["https://s3.eu-central-1.amazonaws.com", "aws", "eu-central-1"],
		["https://s3.dualstack.eu-west-1.amazonaws.com", "aws", "eu-west-1"],
		["https://s3.amazonaws.com", "aws", undefined],
		["https://eu-central-1.linodeobjects.com", "linode", "eu-central-1"],
		["https://0123abcd.r2.cloudflarestorage.com", "r2", undefined],
		["https://s3.us-west-004.backblazeb2.com", "b2", "us-west-004"],
		["https://s3.wasabisys.com", "wasabi", undefined],
		["https://s3.eu-central-2.wasabisys.com", "wasabi", "eu-central-2"],
		["https://fra1.digitaloceanspaces.com", "spaces", "fra1"],
		["https://s3.fr-par.scw.cloud", "scaleway", "fr-par"],
		["http://127.0.0.1:9000", "generic", undefined],
		["https://amazonaws.com.example.org", "generic", undefined],
	])("takes %s for %s", (endpoint, name, region) => {
		const found = providerByEndpoint(endpoint);
		expect(found.provider.name).toBe(name);
		expect(found.region).toBe(region);
	});
});

describe("providerEndpoint", () => {
	it.each([
		["linode", "fr-par-1", undefined, "https://fr-par-1.linodeobjects.com"],
		["r2", undefined, "abc123", "https://abc123.r2.cloudflarestorage.com"],
		["wasabi", undefined, undefined, "https://s3.us-east-1.wasabisys.com"],
	])("fills in the template of %s", (name, region, account, endpoint) => {
		expect(providerEndpoint(providerByName(name), region, account)).toBe(endpoint);
	});

	it("leaves AWS to the SDK", () => {
		expect(providerEndpoint(providerByName("aws"), "eu-central-1", undefined)).toBeUndefined();
	});

	it.each([
		["b2", /needs a region/],
		["r2", /needs an endpoint or account/],
		["minio", /needs an endpoint/],
	])("says what %s lacks", (name, message) => {
		expect(() => providerEndpoint(providerByName(name), undefined, undefined)).toThrow(message);
	});
});

describe("what is known of copying", () => {
	const rows = PROVIDER_NAMES.map(providerByName);

	it("is nothing where nobody knows the storage: it has to be tried first", () => {
		expect(providerByEndpoint("http://127.0.0.1:9000").provider).toMatchObject({
			...{ copies: "unsure", copyChecksums: "unsure", unequalParts: false },
		});
	});

	it("trusts the CRC-32 of a range with AWS only, the one provider whose checksums are used", () => {
		const trusted = rows.filter(({ copyChecksums }) => copyChecksums === "range");
		expect(trusted.map(({ name }) => name)).toEqual(["aws"]);
		expect(rows.filter(({ checksums }) => checksums)).toEqual(trusted);
	});

	it("has R2 copy ranges, but into parts of one size only", () => {
		expect(providerByName("r2")).toMatchObject({ copies: "yes", unequalParts: false });
	});
});

describe("providerByName", () => {
	it("lists the providers there are", () => {
		expect(() => providerByName("s4")).toThrow(/no provider "s4"; there are aws, linode/);
	});
});
