using SalesBrain.Integrations.Forms;

namespace SalesBrain.Integrations.Apollo;

/// <summary>Settings of an Apollo source.</summary>
/// <param name="PageSize">People per request, 1 to 100.</param>
internal sealed record ApolloConfig(int PageSize)
{
    internal static ApolloConfig Read(FormReader form)
    {
        var config = new ApolloConfig(form.Number("page_size", 100, 1, 100));
        form.End();
        return config;
    }
}

/// <summary>Credentials of an Apollo source: an API key. People search needs a master key.</summary>
internal sealed record ApolloCredentials(string ApiKey)
{
    internal static ApolloCredentials Read(FormReader form)
    {
        var credentials = new ApolloCredentials(
            form.Text("api_key", 200, FormPatterns.Token(), "must be printable characters without spaces"));
        form.End();
        return credentials;
    }

    /// <summary>A record's text would hold the key.</summary>
    public override string ToString() => nameof(ApolloCredentials);
}
