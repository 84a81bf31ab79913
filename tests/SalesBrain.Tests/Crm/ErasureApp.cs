using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>
/// An app whose whole database is searched for a person, and whose statements are counted. Its test classes run one after the other.
/// </summary>
public sealed class ErasureApp : TestApp
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "erasure";

    public override bool CountsStatements => true;
}

[CollectionDefinition(ErasureApp.Collection)]
public sealed class ErasureCollection : ICollectionFixture<ErasureApp>;
