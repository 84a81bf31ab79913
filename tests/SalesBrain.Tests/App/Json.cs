using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Reading answers.</summary>
public static class Json
{
    /// <summary>The body as JSON, whatever the status.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    /// <summary><c>data</c> of a successful answer; a problem fails the test with its text.</summary>
    public static async Task<JsonElement> DataAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        using var document = JsonDocument.Parse(text);
        Assert.True(document.RootElement.GetProperty("success").GetBoolean());
        return document.RootElement.GetProperty("data").Clone();
    }

    /// <summary>Asserts a problem by status and code and answers its body.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"Expected {(int)status} {code}, got {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(text);
        Assert.Equal(code, document.RootElement.GetProperty("code").GetString());
        return document.RootElement.Clone();
    }

    /// <summary>The names of what is wrong with the input.</summary>
    public static string Members(this JsonElement problem) =>
        string.Join(',', problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));

    /// <summary>A problem's text but for its trace id, for comparing answers that must not differ.</summary>
    public static string WithoutTrace(this JsonElement problem) =>
        problem.GetRawText().Replace(problem.GetProperty("trace_id").GetRawText(), "", StringComparison.Ordinal);

    /// <summary>Posts a JSON text as it is.</summary>
    public static Task<HttpResponseMessage> PostTextAsync(
        this HttpClient client, string path, string json, string contentType = "application/json")
    {
        var content = new StringContent(json, Encoding.UTF8);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
        return client.PostAsync(path, content);
    }

    /// <summary>Posts an object with its member names as they are.</summary>
    public static Task<HttpResponseMessage> PostAsync<T>(this HttpClient client, string path, T body) =>
        client.PostAsJsonAsync(path, body, new JsonSerializerOptions());

    /// <summary>Puts an object with its member names as they are.</summary>
    public static Task<HttpResponseMessage> PutAsync<T>(this HttpClient client, string path, T body) =>
        client.PutAsJsonAsync(path, body, new JsonSerializerOptions());
}
