import { hostname } from "node:os";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { parseKeyTemplate } from "../../../src/backup/template/parse-key-template.ts";
import { InvalidOptionError } from "../../../src/errors.ts";

const PLAIN = "s3://bkt/photos/%Y-%m-%dT%H-%M-%SZ.zip";
const NOON = new Date("2026-11-26T12:34:56.789Z");

function refusal(text: string, options = {}): string {
	try {
		parseKeyTemplate(text, options);
	} catch (error) {
		expect(error).toBeInstanceOf(InvalidOptionError);
		return (error as InvalidOptionError).message;
	}
	throw new Error(`${text} was taken`);
}

describe("the key of a time", () => {
	it.each([
		[PLAIN, "photos/2026-11-26T12-34-56Z.zip"],
		["s3://bkt/%FT%T.zip", "2026-11-26T12:34:56.zip"],
		["s3://bkt/%Y/%m/%d.zip", "2026/11/26.zip"],
		["s3://bkt/%Y-%j.zip", "2026-330.zip"],
		["s3://bkt/%G-W%V-%u.zip", "2026-W48-4.zip"],
		["s3://bkt/%Y/%Y%m%d%H%z.zip", "2026/2026112612+0000.zip"],
		["s3://bkt/100%%/%F.zip", "100%/2026-11-26.zip"],
		["s3://bkt/{host}/{name}/%F.zip", "web-1/photos/2026-11-26.zip"],
	])("%s gives %s", (text, key) => {
		expect(parseKeyTemplate(text, { name: "photos", host: "web-1" }).keyAt(NOON)).toBe(key);
	});

	it("is written in the zone that was asked for", () => {
		const inZone = (timeZone: string) =>
			parseKeyTemplate("s3://bkt/%FT%H-%M%z.zip", { timeZone }).keyAt(NOON);
		expect(inZone("Europe/Berlin")).toBe("2026-11-26T13-34+0100.zip");
		expect(inZone("America/New_York")).toBe("2026-11-26T07-34-0500.zip");
		expect(inZone("Australia/Lord_Howe")).toBe("2026-11-26T23-34+1100.zip");
		expect(inZone("Asia/Kathmandu")).toBe("2026-11-26T18-19+0545.zip");
	});

	it("has the name of this machine if no other was given", () => {
		expect(parseKeyTemplate("s3://bkt/{host}/%F.zip").prefix).toBe(`${hostname()}/`);
	});

	it("is refused for times whose year has not four digits", () => {
		const { keyAt } = parseKeyTemplate(PLAIN);
		expect(() => keyAt(new Date(Number.NaN))).toThrow(RangeError);
		expect(() => keyAt(new Date(-1))).toThrow(RangeError);
		expect(() => keyAt(new Date("+010000-01-01T00:00:00Z"))).toThrow(RangeError);
	});
});

describe("the time of a key", () => {
	it.each([
		["s3://bkt/%F.zip", "2026-11-26.zip", "UTC", "2026-11-26T00:00:00Z"],
		["s3://bkt/%F.zip", "2026-11-26.zip", "Europe/Berlin", "2026-11-25T23:00:00Z"],
		["s3://bkt/%FT%H.zip", "2026-11-26T12.zip", "Asia/Tokyo", "2026-11-26T03:00:00Z"],
		["s3://bkt/%F%H%M%z.zip", "2026-10-250230+0200.zip", "Europe/Berlin", "2026-10-25T00:30:00Z"],
		["s3://bkt/%F%H%M%z.zip", "2026-10-250230+0100.zip", "Europe/Berlin", "2026-10-25T01:30:00Z"],
		// The day begins with one offset and goes on with another.
		["s3://bkt/%F%z.zip", "2026-10-25+0100.zip", "Europe/Berlin", "2026-10-25T01:00:00Z"],
		// Half an hour is put back at 02:00: this hour begins in its middle.
		["s3://bkt/%F-%H%z.zip", "2026-04-05-01+1030.zip", "Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
		// Midnight does not exist that day.
		["s3://bkt/%F.zip", "2026-04-24.zip", "Africa/Cairo", "2026-04-23T22:00:00Z"],
		["s3://bkt/%Y-%j.zip", "2028-366.zip", "UTC", "2028-12-31T00:00:00Z"],
		["s3://bkt/%G-%V-%u.zip", "2026-53-5.zip", "UTC", "2027-01-01T00:00:00Z"],
	])("%s: %s in %s is %s", (text, key, timeZone, iso) => {
		expect(parseKeyTemplate(text, { timeZone }).timeOf(key)).toEqual(new Date(iso));
	});

	it.each([
		["photos/2026-11-26T12-34-56Z.zip.record.json"],
		["photos/2026-11-26T12-34-56Z.zi"],
		["xphotos/2026-11-26T12-34-56Z.zip"],
		["photos/2026-11-26T12-34-56Zxzip"],
		["photos/2026-11-26T12-34-56Z.zip\n"],
		["photos/2026-02-29T12-34-56Z.zip"],
		["photos/2026-13-01T12-34-56Z.zip"],
		["photos/2026-11-26T24-00-00Z.zip"],
		["photos/2026-11-26T12-34-60Z.zip"],
		["photos/1926-11-26T12-34-56Z.zip"],
		["photos/２026-11-26T12-34-56Z.zip"],
	])("does not exist where the template does not make the key: %j", (key) => {
		expect(parseKeyTemplate(PLAIN).timeOf(key)).toBeUndefined();
	});

	it.each([
		["s3://bkt/%F%H%M%z.zip", "2026-03-290230+0100.zip", "an hour that was left out"],
		["s3://bkt/%F%H%M%z.zip", "2026-07-010230+0100.zip", "another offset than the zone had"],
		["s3://bkt/%Y/%F.zip", "2025/2026-11-26.zip", "two years"],
		["s3://bkt/%F-%u.zip", "2026-11-26-5.zip", "another weekday"],
		["s3://bkt/%G-%V-%u.zip", "2025-53-1.zip", "a week that this year has not"],
		["s3://bkt/%Y-%j.zip", "2026-366.zip", "a day that this year has not"],
		["s3://bkt/%Y-%j.zip", "2026-000.zip", "a day before the first"],
	])("does not exist: %s, %s has %s", (text, key) => {
		expect(parseKeyTemplate(text, { timeZone: "Europe/Berlin" }).timeOf(key)).toBeUndefined();
	});

	it("takes names as they are, and not as patterns", () => {
		const { timeOf } = parseKeyTemplate("s3://bkt/{name}/%F.zip", { name: "a.b+(c)*" });
		expect(timeOf("a.b+(c)*/2026-11-26.zip")).toEqual(new Date("2026-11-26"));
		expect(timeOf("axb+(c)*/2026-11-26.zip")).toBeUndefined();
	});
});

const ZONES = [
	"UTC",
	"Europe/Berlin",
	"America/New_York",
	"Australia/Lord_Howe",
	"Africa/Casablanca",
	"Africa/Cairo",
	"Asia/Kathmandu",
	"Pacific/Apia",
	"America/Havana",
	"Pacific/Chatham",
];

/** Times, many of them around the changes of clocks and the ends of years. */
const times = fc.oneof(
	fc.date({ min: new Date("1970-01-03"), max: new Date("2199-12-31"), noInvalidDate: true }),
	fc
		.tuple(
			fc.constantFrom(...ZONES.slice(1)),
			fc.integer({ min: 1985, max: 2035 }),
			fc.integer({ min: -3, max: 3 }),
		)
		.map(([zone, year, away]) => {
			const start = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(zone);
			const change = start.getTimeZoneTransition("next") ?? start;
			return new Date(change.epochMilliseconds + away * 1_200_000);
		}),
	fc.tuple(fc.integer({ min: 1984, max: 2100 }), fc.integer({ min: -72, max: 72 })).map(([year, hours]) => {
		return new Date(Date.UTC(year, 0, 1) + hours * 3_600_000);
	}),
	fc.integer({ min: 1980, max: 2100 }).map((year) => new Date(Date.UTC(year, 1, 29, 12))),
);

/** Piece of the time that a template names, and how long the finest one is, milliseconds. */
const PRECISIONS: readonly (readonly [text: string, ms: number])[] = [
	["%F%z", 86_400_000],
	["%Y-%j%z", 86_400_000],
	["%G-W%V-%u%z", 86_400_000],
	["%FT%H%z", 3_600_000],
	["%FT%H%M%z", 60_000],
	["%Y/%m/%dT%H.%M.%S%z", 1000],
	["%S%M%H%u%V%G%z", 1000],
];

describe("writing a time and reading it back", () => {
	it("are inverse, in every zone, at changes of clocks, on leap days, at the ends of years", () => {
		fc.assert(
			fc.property(
				times,
				fc.constantFrom(...ZONES),
				fc.constantFrom(...PRECISIONS),
				(time, timeZone, [text, ms]) => {
					const { keyAt, timeOf } = parseKeyTemplate(`s3://bkt/x-${text}.zip`, { timeZone });
					const read = timeOf(keyAt(time));
					if (read === undefined) throw new Error(`${keyAt(time)} was not read`);
					// The first moment that has this key.
					expect(keyAt(read)).toBe(keyAt(time));
					expect(read.getTime()).toBeLessThanOrEqual(time.getTime());
					expect(time.getTime() - read.getTime()).toBeLessThan(ms);
					expect(read.getTime() % 1000).toBe(0);
				},
			),
			{ numRuns: 2000 },
		);
	});

	it("are inverse where a template names the day alone", () => {
		fc.assert(
			fc.property(times, fc.constantFrom(...ZONES), (time, timeZone) => {
				const { keyAt, timeOf } = parseKeyTemplate("s3://bkt/%F.zip", { timeZone });
				const read = timeOf(keyAt(time));
				if (read === undefined) throw new Error(`${keyAt(time)} was not read`);
				const day = Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(timeZone);
				expect(read.getTime()).toBe(day.startOfDay().epochMilliseconds);
			}),
		);
	});

	it("takes only what the template makes, whatever the key", () => {
		const { keyAt, timeOf } = parseKeyTemplate("s3://bkt/%Y%m%d.zip");
		const key = fc.stringMatching(/^[0-4]{4}[01]\d[0-3]\d\.zip$/);
		fc.assert(
			fc.property(key, (key) => {
				const time = timeOf(key);
				if (time !== undefined) expect(keyAt(time)).toBe(key);
			}),
		);
	});
});

describe("the prefix", () => {
	it.each([
		["s3://bkt/photos/%F.zip", "photos/"],
		["s3://bkt/{host}/{name}-%F.zip", "web-1/a-"],
		["s3://bkt/%F.zip", ""],
		["s3://bkt/100%%-%F.zip", "100%-"],
	])("of %s is %j", (text, prefix) => {
		const template = parseKeyTemplate(text, { name: "a", host: "web-1" });
		expect(template.prefix).toBe(prefix);
		expect(template.keyAt(NOON).startsWith(prefix)).toBe(true);
		expect(template).toMatchObject({ bucket: "bkt", text, timeZone: "UTC" });
	});
});

describe("a template is refused", () => {
	it.each([
		[
			"s3://bkt/photos.zip",
			"has no date",
			"a template looks like s3://my-bucket/photos/%Y-%m-%dT%H-%M-%SZ.zip",
		],
		["s3://bkt/%Y-%m.zip", "names no day", "%Y, %m and %d"],
		["s3://bkt/%G-%V.zip", "names no day", "%G, %V and %u"],
		["s3://bkt/%H-%M.zip", "names no day", "%Y"],
		["s3://bkt/%F-%M.zip", "has %M without %H", ""],
		["s3://bkt/%F-%H-%S.zip", "has %S without %M", ""],
		["s3://bkt/%y-%m-%d.zip", 'has "%y", which is none of these', "%Y (year), %m (month)"],
		["s3://bkt/%F.zip%", 'ends in a single "%"', '"%%"'],
		["s3://bkt/{nmae}/%F.zip", 'has "{nmae}"', "{name} and {host}"],
		["s3://bkt/{date}/%F.zip", 'has "{date}"', "{name} and {host}"],
		["s3://bkt/{name/%F.zip", 'has a single "{"', "{name} and {host}"],
		["s3://bkt/{name}/%F.zip", "has {name}, but no name was given", "name"],
		["s3://bkt/%F.zip.record.json", 'ends in ".record.json"', ".zip"],
		["s3://bkt/%F.LEASE.json", 'ends in ".lease.json"', ".zip"],
		["s3://bkt/../%F.zip", '"." and ".."', ""],
		["s3://bkt/%F/", 'does not end in "/"', ""],
		["photos/%F.zip", "is not an address", ""],
	])("%s: %s", (text, wrong, advice) => {
		expect(refusal(text)).toContain(wrong);
		expect(refusal(text)).toContain(advice);
	});

	it("if an hour may occur twice in its zone, and it does not tell which one is meant", () => {
		const timeZone = "Europe/Berlin";
		expect(refusal("s3://bkt/%FT%H.zip", { timeZone })).toMatch(/ambiguous.*Europe\/Berlin.*add %z/);
		expect(parseKeyTemplate("s3://bkt/%FT%H%z.zip", { timeZone }).timeZone).toBe(timeZone);
		expect(parseKeyTemplate("s3://bkt/%F.zip", { timeZone }).timeZone).toBe(timeZone);
		expect(parseKeyTemplate("s3://bkt/%FT%H.zip", { timeZone: "Asia/Tokyo" }).timeZone).toBe("Asia/Tokyo");
	});

	it("if it says UTC behind times of another zone", () => {
		const said = refusal(PLAIN, { timeZone: "Asia/Tokyo" });
		expect(said).toContain('says with "Z" that its times are UTC, but they are those of Asia/Tokyo');
		expect(refusal("s3://bkt/%F-%H%MZ", { timeZone: "Asia/Tokyo" })).toContain('says with "Z"');
		for (const timeZone of ["Etc/UTC", "GMT", "Atlantic/Reykjavik"]) parseKeyTemplate(PLAIN, { timeZone });
		parseKeyTemplate("s3://bkt/%F-%HZone.zip", { timeZone: "Asia/Tokyo" });
		parseKeyTemplate("s3://bkt/Z%F.zip", { timeZone: "Asia/Tokyo" });
	});

	it("if its zone is none", () => {
		expect(refusal(PLAIN, { timeZone: "Mars/Olympus" })).toMatch(/^timeZone must be .* not "Mars\/Olympus"$/);
		expect(refusal(PLAIN, { timeZone: "+02:00" })).toContain("timeZone must be the name of a time zone");
		expect(parseKeyTemplate("s3://bkt/%F.zip", { timeZone: "europe/berlin" }).timeZone).toBe("Europe/Berlin");
	});

	it.each([["a/b"], [".."], ["."], ["a\\b"], ["a\nb"], ["a\0"], ["\ud800"]])(
		"if a name would lead elsewhere: %j",
		(name) => {
			expect(refusal("s3://bkt/{name}/%F.zip", { name })).toContain("name must be text without");
			expect(refusal("s3://bkt/{host}/%F.zip", { host: name })).toContain("host must be text without");
		},
	);

	it("if a name is empty", () => {
		expect(refusal("s3://bkt/{name}/%F.zip", { name: "" })).toContain("name is empty");
	});

	it("if its keys, or those of the records beside them, are longer than 1,024 bytes", () => {
		const room = 1024 - "2026-11-26".length - ".record.json".length;
		parseKeyTemplate(`s3://bkt/${"a".repeat(room)}%F`);
		expect(refusal(`s3://bkt/${"a".repeat(room + 1)}%F`)).toContain("1,024 bytes");
		expect(refusal("s3://bkt/{name}%F", { name: "ä".repeat(510) })).toContain("1,024 bytes");
	});
});
