using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Changes of users' e-mail addresses, as clients request and confirm them.</summary>
public static class EmailChangeWorld
{
    public const string NewPassword = "another long password";

    /// <summary>Requests a change of the user's own address and returns the token of the link.</summary>
    public static async Task<string> RequestEmailAsync(this SignInApp app, TestUser user, string email)
    {
        var tokens = await app.SignInAsync(user);
        using var response = await app.PutUserAsync(tokens.AccessToken, user, Body(email, AuthWorld.Password));
        await response.DataAsync();
        return app.Mails.LastTokenTo(email);
    }

    public static Task<HttpResponseMessage> PutUserAsync(this TestApp app, string accessToken, TestUser user, object body) =>
        app.CallAsync(accessToken, HttpMethod.Put, PathOf(user), body);

    public static async Task<JsonElement> GetUserAsync(this TestApp app, string accessToken, TestUser user)
    {
        using var response = await app.CallAsync(accessToken, HttpMethod.Get, PathOf(user));
        return await response.DataAsync();
    }

    public static Task<HttpResponseMessage> ConfirmEmailAsync(this TestApp app, string token) =>
        app.Http.PostAsync($"{AuthWorld.Auth}/email-change/confirm", new { token });

    public static Task<int> CountEmailChangesAsync(this TestApp app, TestUser user) =>
        app.QuerySingleAsync<int>("select count(*)::int from app.email_change where user_id = @Id", new { user.Id });

    public static object Body(string email, string? password = null) =>
        password is null ? new { email } : new { email, current_password = password };

    public static string NewEmail() => $"new.{Guid.NewGuid():N}@test.example";

    public static string PathOf(TestUser user) => $"{CrmWorld.Users}/{user.Id}";
}
