using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

/// <summary>Keyboards write one letter in several ways: a password is the same in each of them.</summary>
[Collection(SignInApp.Collection)]
public sealed class PasswordFormTests(SignInApp app)
{
    private const string Composed = "\u00E9t\u00E9 fine enough";
    private const string Decomposed = "e\u0301te\u0301 \uFB01ne enough";

    [Theory]
    [InlineData(Composed, Decomposed)]
    [InlineData(Decomposed, Composed)]
    public async Task Password_set_in_one_form_signs_in_in_the_other(string set, string typed)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));
        var email = $"{Guid.NewGuid():N}@test.example";
        using var created = await client.PostAsync(CrmWorld.Users, new { email, role = "member", password = set });
        await created.DataAsync();

        using var signIn = await app.TrySignInAsync(email, typed);
        using var wrong = await app.TrySignInAsync(email, "ete fine enough");

        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task Password_hashed_as_it_was_typed_stays_right_and_is_hashed_anew()
    {
        var user = await app.CreateUserAsync("owner");
        var hash = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }))
            .HashPassword(new object(), Decomposed);
        await app.ExecuteAsync("update app.user set password_hash = @hash where id = @Id", new { hash, user.Id });

        using var otherForm = await app.TrySignInAsync(user.Email, Composed);
        await app.SignInAsync(user, Decomposed);
        await app.SignInAsync(user, Composed);

        Assert.Equal(HttpStatusCode.Unauthorized, otherForm.StatusCode);
        Assert.NotEqual(hash, await app.QuerySingleAsync<string>("select password_hash from app.user where id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Length_is_that_of_the_normal_form()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var tooShort = await client.PostAsync(
            CrmWorld.Users,
            new
            {
                email = $"{Guid.NewGuid():N}@test.example",
                role = "member",
                password = string.Concat(Enumerable.Repeat("e\u0301", 11)),
            });
        using var longest = await client.PostAsync(
            CrmWorld.Users,
            new
            {
                email = $"{Guid.NewGuid():N}@test.example",
                role = "member",
                password = string.Concat(Enumerable.Repeat("\U0001F600", 256)),
            });

        Assert.Equal("password", (await tooShort.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(HttpStatusCode.Created, longest.StatusCode);
    }
}
