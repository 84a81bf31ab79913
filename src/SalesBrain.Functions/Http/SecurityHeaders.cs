namespace SalesBrain.Functions.Http;

/// <summary>
/// Headers of every response: it is what its content type says, and is not stored. An endpoint whose response may be stored sets its own
/// <c>Cache-Control</c> afterwards.
/// </summary>
public static class SecurityHeaders
{
    public static void Set(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>Drops a response that failed before it was sent; what is written instead has these headers too.</summary>
    public static void StartOver(HttpResponse response)
    {
        response.Clear();
        Set(response);
    }
}
