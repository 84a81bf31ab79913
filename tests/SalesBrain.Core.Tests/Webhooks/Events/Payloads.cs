using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Core.Tests.Webhooks.Events;

/// <summary>Payloads to read: captures, texts, and arbitrary ones.</summary>
internal static class Payloads
{
    /// <summary>Names that mappings look for, and some they must not mistake for those.</summary>
    private static readonly string[] Names =
    [
        "event_type", "event_type_", "Event_Type", "\\u0065vent_type", "eventType", "type", "timestamp", "workspace", "campaign_id",
        "campaign", "campaign_name", "lead_email", "email", "firstName", "first_name", "company", "step", "variant", "is_first", "email_id",
        "unibox_url", "reply_text", "data", "contact", "lead", "body", "label", "linkedIn", "", "\\ud800", "\\u0000", "name", "id", "数据",
    ];

    /// <summary>JSON values as text, for what only text can say: escapes that are no characters, numbers beyond every type.</summary>
    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "-1", "1.5", "1e400", "99999999999999999999999", "1614265330", "\"\"", "\"   \"", "\"\\ud83d\"",
        "\"\\ude00 x\"", "\"a\\u0000b\"", "\"\\ud83d\\ude00\"", "\"lead_interested\"", "\"reply_received\"", "\"campaign_started\"",
        "\"account_error\"", "\"Hei\\u00dfer Lead\"", "\"高意向\"", "\"jane@acme.example\"", "\" Jane@ACME.example \"", "\"no address\"",
        "\"1\"", "\"2025-01-15T10:30:00.000Z\"", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"1614265330123\"",
        "\"1e24d68f-0000-4000-8000-000000000002\"", "\"javascript:alert(1)\"", "\"https://acme.example/\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    ];

    public static WebhookEvent Read(EventSource source, string json)
    {
        using var document = JsonDocument.Parse(json);
        return source.Read(document.RootElement);
    }

    public static WebhookEvent Instantly(string json) => Read(EventSources.Instantly, json);

    public static string Fixture(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "instantly", name + ".json"));

    /// <summary>The texts of arbitrary JSON values, objects with known names most of all.</summary>
    public static Arbitrary<string> Arbitrary { get; } = Object(3).ToArbitrary();

    /// <summary>Members of an object, as (name, value) texts; names can occur twice.</summary>
    public static Gen<(string Name, string Value)[]> Members(int depth) =>
        Gen.Elements(Names).Zip(Value(depth), (name, value) => (name, value)).ArrayOf();

    public static string ToObject(IEnumerable<(string Name, string Value)> members) =>
        "{" + string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}")) + "}";

    private static Gen<string> Object(int depth) => Members(depth).Select(ToObject);

    private static Gen<string> Value(int depth) => depth == 0
        ? Gen.Elements(Scalars)
        : Gen.Frequency(
            (6, Gen.Elements(Scalars)),
            (1, Gen.Choose(0, 3000).Select(length => $"\"{new string('x', length)}\"")),
            (1, Gen.Choose(0, 3000).Select(length => $"\" {new string('é', length)}\\n\"")),
            (1, Value(depth - 1).ArrayOf().Select(values => $"[{string.Join(',', values.Take(5))}]")),
            (2, Object(depth - 1)));
}
