import { describe, expect, it } from "vitest";
import { tellSettingsOf } from "../../../../src/cli/options/backup/tell-settings-of.ts";
import { InvalidOptionError } from "../../../../src/errors.ts";

type Values = Parameters<typeof tellSettingsOf>[0];

const NONE: Values = {
	"ping-url": undefined,
	"webhook-url": undefined,
	"webhook-header": undefined,
	"webhook-on": undefined,
	"mail-url": undefined,
	"mail-to": undefined,
	"mail-from": undefined,
	"mail-on": undefined,
	"apprise-url": undefined,
	"apprise-on": undefined,
	"metrics-file": undefined,
};
const settingsOf = (values: Partial<Values>) => tellSettingsOf({ ...NONE, ...values });

describe("the options about who is told", () => {
	it("tell nobody by default", () => {
		expect(settingsOf({})).toEqual({
			...{ ping: undefined, webhook: undefined, mail: undefined, apprise: undefined, metricsFile: undefined },
		});
	});

	it("become settings", () => {
		const values: Partial<Values> = {
			"ping-url": "https://hc-ping.com/uuid",
			"webhook-url": "https://example.org/hook",
			"webhook-header": { authorization: "Bearer x" },
			"webhook-on": ["failure", "start"],
			"mail-url": "smtps://user:password@mail.example.org",
			"mail-to": ["ops@example.org", "boss@example.org"],
			"apprise-url": "http://127.0.0.1:8000/notify/key",
			"metrics-file": "/var/lib/node_exporter/photos.prom",
		};
		expect(settingsOf(values)).toEqual({
			ping: "https://hc-ping.com/uuid",
			webhook: {
				url: "https://example.org/hook",
				on: ["start", "failure"],
				headers: { authorization: "Bearer x" },
			},
			mail: {
				url: "smtps://user:password@mail.example.org",
				from: "ops@example.org",
				to: ["ops@example.org", "boss@example.org"],
				on: ["failure"],
			},
			apprise: { url: "http://127.0.0.1:8000/notify/key", on: ["failure"], headers: {} },
			metricsFile: "/var/lib/node_exporter/photos.prom",
		});
	});

	it.each([
		["ping-url", "hc-ping.com/a-secret", "https:// or http://"],
		["ping-url", "ftp://example.org/a-secret", "https:// or http://"],
		["webhook-url", "a-secret", "https:// or http://"],
		["apprise-url", "a-secret", "https:// or http://"],
		["mail-url", "https://example.org/a-secret", "smtp:// or smtps://"],
		["mail-url", "smtp://", "smtp:// or smtps://"],
	] as const)("refuse %s %s, and do not repeat it", (option, value, schemes) => {
		const parse = () => settingsOf({ [option]: value, "mail-to": ["a@example.org"] });
		expect(parse).toThrow(InvalidOptionError);
		expect(parse).toThrow(`--${option} must be an address that begins with ${schemes}`);
		expect(parse).not.toThrow("a-secret");
	});

	it("refuse an address that an unset variable leaves", () => {
		expect(() => settingsOf({ "ping-url": "" })).toThrow("--ping-url is empty; is a variable unset?");
	});

	it("refuse an occasion that there is not", () => {
		const values = { "webhook-url": "https://example.org", "webhook-on": ["failed"] };
		expect(() => settingsOf(values)).toThrow('--webhook-on must be start, success, failure, not "failed"');
	});
});
