// Ids of the blocks whose meaning the host itself knows: they are the interface of a graph.

#pragma once

namespace yard::model {

inline constexpr char kAgentExecutorBlock[] = "e189baac-8c20-45a1-94a7-55177ea42565";
inline constexpr char kAgentInputBlock[] = "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b";
inline constexpr char kAgentOutputBlock[] = "363ae599-353e-4804-937e-b2ee3cef3da4";
inline constexpr char kAgentTableInputBlock[] = "5603b273-f41e-4020-af7d-fbc9c6a8d928";
inline constexpr char kAgentGoogleDriveFileInputBlock[] = "d3b32f15-6fd7-40e3-be52-e083f51b19a2";
inline constexpr char kSmartDecisionMakerBlock[] = "3b191d9f-356f-482d-8238-ba04b6d18381";

}  // namespace yard::model
