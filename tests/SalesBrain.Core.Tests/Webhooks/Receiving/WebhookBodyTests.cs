using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Tests.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Bodies;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

public sealed class WebhookBodyTests
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("application/json")]
    [InlineData("Application/JSON; Charset=UTF-8")]
    [InlineData("application/json;charset=\"utf-8\"")]
    [InlineData("application/json; odata=verbose; charset=utf8")]
    [InlineData("text/json")]
    [InlineData("application/cloudevents+json")]
    public void Object_is_one_element_with_the_bytes_as_they_came(string? contentType)
    {
        const string text = " {\"event_type\" : \"email_sent\", \"x\": \"\\ud800\"}\r\n";
        using var body = Read(text, contentType);

        var element = Assert.Single(body.Elements);
        Assert.Equal("email_sent", element.Json.GetProperty("event_type").GetString());
        Assert.Equal(text, Encoding.UTF8.GetString(element.Raw.Span));
    }

    [Fact]
    public void Array_is_an_element_each_with_its_own_bytes()
    {
        using var body = Read("\uFEFF[ {\"é\": 1.50} ,{}, {\"a\" : [{ }]}\n]", Json);

        Assert.Equal(["{\"é\": 1.50}", "{}", "{\"a\" : [{ }]}"], body.Elements.Select(element => Encoding.UTF8.GetString(element.Raw.Span)));
        Assert.Equal(["{\"é\": 1.50}", "{}", "{\"a\" : [{ }]}"], body.Elements.Select(element => element.Json.GetRawText()));
    }

    [Fact]
    public void Element_s_bytes_read_again_as_the_same_event() =>
        Prop.ForAll(Payloads.Arbitrary.Generator.NonEmptyListOf().ToArbitrary(), objects =>
            {
                using var array = Read($"[{string.Join(",\n", objects)}]", Json);
                return array.Elements.Zip(objects).All(pair =>
                {
                    using var alone = Read(pair.First.Raw.ToArray(), Json);
                    return Encoding.UTF8.GetString(pair.First.Raw.Span) == pair.Second
                        && EventSources.Instantly.Read(alone.Elements[0].Json) == EventSources.Instantly.Read(pair.First.Json);
                });
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Form_is_an_object_of_texts_and_keeps_its_bytes()
    {
        const string form = "event_type=email_sent&email=jane%2Btag%40acme.example&first_name=J%C3%A4ne+Doe&empty=&bare&&odd=100%&odd2=%zz&email=last%40acme.example&nul=%00%22";
        using var body = Read(form, Form + ";charset=utf-8");

        var element = Assert.Single(body.Elements);
        Assert.Equal(form, Encoding.UTF8.GetString(element.Raw.Span));
        Assert.Equal(
            """{"event_type":"email_sent","email":"jane+tag@acme.example","first_name":"Jäne Doe","empty":"","bare":"","odd":"100%","odd2":"%zz","email":"last@acme.example","nul":"\u0000\""}""",
            element.Json.GetRawText());
        Assert.Equal("last@acme.example", EventSources.Zapier.Read(element.Json).EmailNorm);
    }

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData(" \n", "the body is empty")]
    [InlineData("hello", "line 1, byte 1")]
    [InlineData("{\"a\": 1,\n \"b\": }", "line 2, byte 7")]
    [InlineData("{\"a\": 1", "is not valid JSON")]
    [InlineData("{\"a\": 1} x", "is not valid JSON")]
    [InlineData("{\"a\": 1,}", "is not valid JSON")]
    [InlineData("{'a': 1}", "is not valid JSON")]
    [InlineData("{\"a\": NaN}", "is not valid JSON")]
    [InlineData("{\"a\": \"\u0001\"}", "is not valid JSON")]
    [InlineData("{} // note", "is not valid JSON")]
    [InlineData("<html>", "is not valid JSON")]
    public void Text_that_is_no_json_is_refused(string text, string diagnosis) =>
        AssertRefused(Bytes(text), Json, "not_json", RefusalKind.NotJson, diagnosis);

    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"{}\"")]
    public void Json_that_is_no_object_is_refused(string text) =>
        AssertRefused(Bytes(text), Json, "not_json", RefusalKind.NotAnObject, "neither a JSON object nor an array");

    [Theory]
    [InlineData("[]", "empty")]
    [InlineData("[{}, 1, {}]", "element 2")]
    [InlineData("[{}, [{}]]", "element 2")]
    [InlineData("[null]", "element 1")]
    public void Array_of_anything_but_objects_is_refused_whole(string text, string diagnosis) =>
        AssertRefused(Bytes(text), Json, "not_json", RefusalKind.NotAnObject, diagnosis);

    [Fact]
    public void Array_longer_than_1000_is_refused()
    {
        AssertRefused(Bytes($"[{string.Join(',', Enumerable.Repeat("{}", 1001))}]"), Json, "too_large", RefusalKind.TooLarge, "1001 elements");
        using var longest = Read($"[{string.Join(',', Enumerable.Repeat("{}", 1000))}]", Json);
        Assert.Equal(1000, longest.Elements.Count);
    }

    [Fact]
    public void Body_over_1_mib_is_refused()
    {
        using var longest = Read($$"""{"a":"{{new string('x', WebhookBody.MaxBytes - 8)}}"}""", Json);

        Assert.Equal(WebhookBody.MaxBytes, longest.Elements[0].Raw.Length);
        AssertRefused(new byte[WebhookBody.MaxBytes + 1], Json, "too_large", RefusalKind.TooLarge, "1 MiB");
    }

    [Fact]
    public void Nesting_over_64_levels_is_refused()
    {
        using var deepest = Read(Nested(64), Json);

        Assert.Single(deepest.Elements);
        AssertRefused(Bytes(Nested(65)), Json, "not_json", RefusalKind.NotJson, "64 levels");
        AssertRefused(Bytes(new string('[', WebhookBody.MaxBytes)), Json, "not_json", RefusalKind.NotJson, "64 levels");
        AssertRefused(Bytes("{\"a\":" + new string('[', 60) + "x" + Nested(65)), Json, "not_json", RefusalKind.NotJson, "byte 66");

        static string Nested(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "{}" + new string('}', levels - 1);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        AssertRefused([.. "{\"a\": \""u8, 0xFF, .. "\"}"u8], Json, "not_json", RefusalKind.NotJson, "UTF-8");
        AssertRefused(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray(), Json, "not_json", RefusalKind.NotJson, "UTF-8");
        AssertRefused(Bytes("a=%FF"), Form, "not_json", RefusalKind.NotJson, "UTF-8");
        AssertRefused([], Form, "not_json", RefusalKind.NotJson, "empty");
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/xml", null)]
    [InlineData("multipart/form-data; boundary=x", null)]
    [InlineData("json", null)]
    [InlineData("+json", null)]
    [InlineData("application/json, application/json", null)]
    [InlineData("application/json; charset=iso-8859-1", null)]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/json", "gzip")]
    [InlineData("application/json", "identity, br")]
    public void Other_types_and_encodings_are_refused(string contentType, string? contentEncoding)
    {
        Assert.False(WebhookBody.TryRead(Bytes("{}"), contentType, contentEncoding, out var body, out var refusal));
        Assert.Null(body);
        Assert.Equal("unsupported_type", refusal.Cause);
        Assert.Equal(RefusalKind.UnsupportedType, refusal.Kind);
    }

    [Fact]
    public void Identity_is_no_encoding()
    {
        Assert.True(WebhookBody.TryRead(Bytes("{}"), Json, " Identity ", out var body, out _));
        body.Dispose();
    }

    [Fact]
    public void Arbitrary_bytes_are_read_or_refused() =>
        Prop.ForAll<byte[], bool>((bytes, isForm) =>
            {
                if (!WebhookBody.TryRead(bytes, isForm ? Form : Json, null, out var body, out var refusal))
                {
                    return RejectionCauses.All.Contains(refusal.Cause) && refusal.Diagnosis.Length > 0;
                }
                using (body)
                {
                    return refusal is null && body.Elements.Count > 0;
                }
            })
            .QuickCheckThrowOnFailure();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static WebhookBody Read(string text, string? contentType) => Read(Bytes(text), contentType);

    private static WebhookBody Read(byte[] bytes, string? contentType)
    {
        Assert.True(WebhookBody.TryRead(bytes, contentType, null, out var body, out var refusal), refusal?.Diagnosis);
        return body;
    }

    private static void AssertRefused(byte[] bytes, string contentType, string cause, RefusalKind kind, string diagnosis)
    {
        Assert.False(WebhookBody.TryRead(bytes, contentType, null, out var body, out var refusal));
        Assert.Null(body);
        Assert.Equal(cause, refusal.Cause);
        Assert.Equal(kind, refusal.Kind);
        Assert.Contains(diagnosis, refusal.Diagnosis, StringComparison.Ordinal);
    }
}
