using Microsoft.Extensions.Configuration;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Values;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Configuration;
using SalesBrain.LocalHost.Demo;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>
/// <c>create-admin --email …</c>: creates a platform administrator in the database of <c>ConnectionStrings__SalesBrainPlatform</c>, or in
/// the embedded one. Requires only access to the database, because the first administrator cannot be created in any other way.
/// </summary>
internal static class CreateAdminCommand
{

    internal static async Task<int> ExecuteAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args is not ["--email", var email])
        {
            return Usage.Print();
        }
        if (!Emails.IsValid(email))
        {
            throw new StartupException($"--email '{email}' is not an e-mail address.");
        }
        var password = PasswordPrompt.Read();
        if (PasswordRules.Problem(password) is { } problem)
        {
            throw new StartupException($"The password {problem}.");
        }

        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var isGiven = !string.IsNullOrWhiteSpace(configuration[PlatformLogin.Setting.Replace("__", ":", StringComparison.Ordinal)]);
        await using var own = isGiven ? null : await StartOwnAsync(cancellationToken);
        var options = own is not null
            ? new DatabaseOptions { PlatformConnectionString = own.Connections.Platform, TenantConnectionString = own.Connections.Platform }
            : PlatformLogin.Read(new SettingsReader(configuration));
        await DatabaseErrors.InOneLineAsync(
            PlatformLogin.Setting, () => CreateAsync(options, Emails.Shown(email), password, cancellationToken));
        Console.WriteLine($"Created the platform administrator {Emails.Shown(email)}.");
        return 0;
    }

    private static async Task<DevelopmentDatabase> StartOwnAsync(CancellationToken cancellationToken)
    {
        var secrets = await DevelopmentSecrets.LoadOrCreateAsync(RepositoryFolder.Local, DemoData.Slugs, cancellationToken);
        var own = await DevelopmentDatabase.StartAsync(secrets.RolePasswords, Console.Error.WriteLine, cancellationToken);
        try
        {
            await own.PrepareAsync(cancellationToken);
            return own;
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    private static async Task<Guid> CreateAsync(DatabaseOptions options, string email, string password, CancellationToken cancellationToken)
    {
        await using var database = new SalesBrainDatabase(options);
        await using var session = await database.WritePlatformAsync(cancellationToken);
        var passwords = new Passwords(TimeProvider.System);
        var user = new NewUser
        {
            Id = Guid.CreateVersion7(),
            Email = email,
            EmailNorm = Emails.Normalize(email),
            PasswordHash = await passwords.HashAsync(password, cancellationToken),
            Role = Role.SbAdmin.Name(),
        };
        try
        {
            await SignInAccounts.CreateAsync(session, user, cancellationToken);
        }
        catch (PostgresException e) when (e.ConstraintName == "user_email_norm_key")
        {
            throw new StartupException($"A user with the e-mail address {email} already exists.", e);
        }
        await AuditLog.WriteAsync(
            session,
            new AuditEntry(
                "user.created", "user", user.Id, null, null, null, TimeProvider.System.GetUtcNow(), null,
                new { user.Role, by = "create-admin" }),
            cancellationToken);
        await session.CommitAsync();
        return user.Id;
    }
}
