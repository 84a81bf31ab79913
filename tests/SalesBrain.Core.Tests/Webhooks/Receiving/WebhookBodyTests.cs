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
    [InlineData("text/plain")]
    [InlineData("text/plain;charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded")]
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

        Assert.Equal(
            ["{\"é\": 1.50}", "{}", "{\"a\" : [{ }]}"], body.Elements.Select(element => Encoding.UTF8.GetString(element.Raw.Span)));
        Assert.Equal(["{\"é\": 1.50}", "{}", "{\"a\" : [{ }]}"], body.Elements.Select(element => element.Json.GetRawText()));
    }

    [Fact]
    public void Element_s_bytes_read_again_as_the_same_event() =>
        Prop.ForAll(Payloads.Arbitrary.Generator.NonEmptyListOf().ToArbitrary(), objects =>
            {
                using var array = Read($"[{string.Join(",\n", objects)}]", Json);
                return array.Elements.All(element =>
                {
                    using var alone = Read(element.Raw.ToArray(), Json);
                    return !alone.IsArray && Encoding.UTF8.GetString(element.Raw.Span) == element.Json.GetRawText()
                        && EventSources.All.All(source => source.Read(alone.Elements[0].Json) == source.Read(element.Json));
                });
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Form_is_an_object_of_texts_and_keeps_its_bytes()
    {
        const string form = "event_type=email_sent&email=jane%2Btag%40acme.example&first_name=J%C3%A4ne+Doe&empty=&bare&&odd=100%&odd2=%zz&email=last%40acme.example&nul=%00%22";
        using var body = Read(form, Form + ";charset=utf-8");

        var element = Assert.Single(body.Elements);
        Assert.Equal(form, Encoding.UTF8.GetString(element.Raw.Span));
        Assert.Equal(
            """{"event_type":"email_sent","email":"last@acme.example","first_name":"Jäne Doe","empty":"","bare":"","odd":"100%","odd2":"%zz","nul":"\u0000\""}""",
            element.Json.GetRawText());
        Assert.Equal("last@acme.example", EventSources.Zapier.Read(element.Json).EmailNorm);
    }

    [Theory]
    [InlineData("a[b]=1&a[c][d]=2", """{"a":{"b":"1","c":{"d":"2"}}}""")]
    [InlineData("a%5Bb%5D=1&x=2&a%5Bc%5D=3", """{"a":{"b":"1","c":"3"},"x":"2"}""")]
    [InlineData("a[]=1&a[]=2", """{"a":["1","2"]}""")]
    [InlineData("a[0][b]=1&a[1][b]=2&a[1][c]=3", """{"a":[{"b":"1"},{"b":"2","c":"3"}]}""")]
    [InlineData("a[1]=1&a[x]=2", """{"a":{"1":"1","x":"2"}}""")]
    [InlineData("a[b=1&[c]=2&a]=3&d[e]f=4&g[h[i]]=5", """{"a[b":"1","[c]":"2","a]":"3","d[e]f":"4","g[h[i]]":"5"}""")]
    [InlineData("payload={\"event_type\":\"email_sent\"}&x={1}", """{"payload":{"event_type":"email_sent"},"x":"{1}"}""")]
    [InlineData("data=%7B%22a%22%3A+1%7D&text=%5B1%5D", """{"data":{"a": 1},"text":"[1]"}""")]
    [InlineData("payload={broken", """{"payload":"{broken"}""")]
    [InlineData("%7B%22event_type%22%3A%22email_sent%22%7D=", """{"event_type":"email_sent"}""")]
    [InlineData("email=jane+tag@acme.example&name=Jane+Doe&who=Jane+Doe+<jane@acme.example>", """{"email":"jane+tag@acme.example","name":"Jane Doe","who":"Jane Doe <jane@acme.example>"}""")]
    public void Form_of_a_web_framework_is_read(string form, string json)
    {
        using var body = Read(form, Form);

        Assert.Equal(json, Assert.Single(body.Elements).Json.GetRawText());
        Assert.Equal(form, Encoding.UTF8.GetString(body.Elements[0].Raw.Span));
    }

    [Fact]
    public void Name_with_many_brackets_is_one_name()
    {
        using var body = Read("a" + string.Concat(Enumerable.Repeat("[b]", 10_000)) + "=1", Form);

        Assert.Single(body.Elements[0].Json.EnumerateObject());
    }

    [Theory]
    [InlineData("\"{\\\"event_type\\\": \\\"email_sent\\\"}\"", 1)]
    [InlineData("\"[{}, {}]\"", 2)]
    public void Json_that_was_encoded_twice_is_read(string text, int count)
    {
        using var body = Read(text, Json);

        Assert.Equal(count, body.Elements.Count);
        Assert.Equal(count > 1, body.IsArray);
    }

    [Theory]
    [InlineData("""{"events": [{"event_type": "a"}, {"event_type": "b"}]}""", Json, "a b")]
    [InlineData("""{"body": {"events": [{"event_type": "a"}, {"event_type": "b"}]}}""", Json, "a b")]
    [InlineData("""[{"body": {"events": [{"event_type": "a"}]}}, {"event_type": "b"}]""", Json, "a b")]
    [InlineData("""[{"events": [{"event_type": "a"}]}]""", Json, "a")]
    [InlineData("""{"data": [{"event_type": "a"}, {"event_type": "b"}]}""", Json, "a b")]
    [InlineData("""{"events": [{"event_type": "a"}]}""", "text/plain", "a")]
    [InlineData("""{"events": [{"events": [{"event_type": "a"}, {"data": [{"event_type": "b"}]}]}, {"event_type": "c"}]}""", Json, "a b c")]
    [InlineData("payload=[{\"event_type\":\"a\"},{\"event_type\":\"b\"}]", Form, "a b")]
    [InlineData("events[0][event_type]=a&events[1][event_type]=b", Form, "a b")]
    public void Lists_of_events_are_an_element_each_and_read_again_alone(string text, string contentType, string types)
    {
        using var body = Read(text, contentType);

        Assert.True(body.IsArray);
        Assert.Equal(types, string.Join(' ', body.Elements.Select(element => element.Json.GetProperty("event_type").GetString())));
        Assert.All(body.Elements, element =>
        {
            using var alone = Read(element.Raw.ToArray(), contentType);
            Assert.Equal(element.Json.GetRawText(), Assert.Single(alone.Elements).Json.GetRawText());
            Assert.False(alone.IsArray);
        });
    }

    [Theory]
    [InlineData("""{"event_type": "a", "events": [{"event_type": "b"}]}""")]
    [InlineData("""{"events": []}""")]
    [InlineData("""{"events": ["a"]}""")]
    [InlineData("""{"\ud800": 1, "events": 1}""")]
    [InlineData("""{"body": {"body": {"body": {"body": {"body": {"events": [{}]}}}}}}""")]
    public void Object_with_a_type_or_no_list_is_one_event(string text)
    {
        using var body = Read(text, Json);

        Assert.Single(body.Elements);
        Assert.False(body.IsArray);
    }

    [Theory]
    [InlineData("{\"a\": ", Form)]
    [InlineData("hello", "text/plain")]
    [InlineData("a=1", "text/plain")]
    public void Broken_json_under_another_content_type_is_refused(string text, string contentType) =>
        AssertRefused(Bytes(text), contentType, "not_json", RefusalKind.NotJson, "is not valid JSON");

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
    [InlineData("\"text\"")]
    [InlineData("\"\\\"{}\\\"\"")]
    [InlineData("\"\\ud800\"")]
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
        AssertRefused(
            Bytes($"[{string.Join(',', Enumerable.Repeat("{}", 1001))}]"), Json, "too_large", RefusalKind.TooLarge, "1001 elements");
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
        AssertRefused(
            Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray(), Json, "not_json", RefusalKind.NotJson,
            "UTF-8");
        AssertRefused(Bytes("a=%FF"), Form, "not_json", RefusalKind.NotJson, "UTF-8");
        AssertRefused([], Form, "not_json", RefusalKind.NotJson, "empty");
    }

    [Theory]
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
