using Dapper;
using Npgsql;
using SalesBrain.Data.Migrations;

namespace SalesBrain.Tests.Database;

/// <summary>
/// The statements that map logins to identities, on a stand-in for what Azure's extension offers: the function creates a role and labels
/// it. PostgreSQL refuses labels of a provider that is not loaded, so relabelling can only be seen to be attempted.
/// </summary>
public sealed class EntraLoginsTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>, IAsyncLifetime
{
    private readonly string _login = $"entra_login_{Guid.NewGuid():N}";
    private readonly Guid _identity = Guid.NewGuid();
    private NpgsqlConnection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        _connection = new NpgsqlConnection(database.SuperuserConnectionString);
        await _connection.OpenAsync();
        await _connection.ExecuteAsync("""
            create or replace function public.pgaadauth_create_principal_with_oid(rolename text, objectid text, objecttype text, isadmin boolean, ismfa boolean)
            returns text language plpgsql as $$
            begin
                if objecttype <> 'service' or isadmin or ismfa then
                    raise exception 'not an application''s login';
                end if;
                execute format('create role %I login', rolename);
                insert into pg_catalog.pg_shseclabel (objoid, classoid, provider, label)
                values (rolename::regrole, 'pg_catalog.pg_authid'::regclass, 'pgaadauth', format('aadauth,oid=%s,type=%s', objectid, objecttype));
                return 'Created role for ' || quote_ident(rolename);
            end
            $$
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.ExecuteAsync($"""
            delete from pg_catalog.pg_shseclabel where objoid = (select oid from pg_catalog.pg_roles where rolname = '{_login}');
            drop role if exists {_login}
            """);
        await _connection.DisposeAsync();
    }

    [Fact]
    public async Task A_login_is_created_and_mapped_once()
    {
        Assert.True(await MapAsync(_identity));
        Assert.False(await MapAsync(_identity));

        Assert.Equal($"aadauth,oid={_identity},type=service", await _connection.QuerySingleAsync<string>(
            "select label from pg_catalog.pg_shseclabel where objoid = @login::regrole and provider = 'pgaadauth'",
            new { login = _login }));
        Assert.False(await _connection.QuerySingleAsync<bool>(
            "select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls from pg_catalog.pg_roles where rolname = @login",
            new { login = _login }));
    }

    [Fact]
    public async Task A_login_of_another_identity_is_mapped_anew()
    {
        await MapAsync(_identity);

        var attempt = await Assert.ThrowsAsync<PostgresException>(() => MapAsync(Guid.NewGuid()));

        Assert.Equal("security label provider \"pgaadauth\" is not loaded", attempt.MessageText);
    }

    [Fact]
    public async Task A_login_that_exists_without_an_identity_is_mapped()
    {
        await _connection.ExecuteAsync($"create role {_login} login");

        var attempt = await Assert.ThrowsAsync<PostgresException>(() => MapAsync(_identity));

        Assert.Equal("security label provider \"pgaadauth\" is not loaded", attempt.MessageText);
    }

    private Task<bool> MapAsync(Guid identity) =>
        EntraLogins.MapAsync(_connection, _login, identity, TestContext.Current.CancellationToken);
}
