/**
 * A Hugging Face model directory as data: config.json, weights as safetensors or pytorch_model.bin,
 * their identity, and the cache that brings a directory from any Hadoop file system to this node.
 *
 * <p>Plain Java and Jackson; uses {@code error} only. Hadoop appears in {@link
 * io.radialnet.checkpoint.CheckpointCache} and the location it resolves, nowhere else. Tensors
 * leave as memory-mapped buffers of their stored type: who runs the model turns them into arrays.
 *
 * <p>Start reading at {@link io.radialnet.checkpoint.CheckpointCache} (path to local directory),
 * then {@link io.radialnet.checkpoint.ModelConfig} and {@link io.radialnet.checkpoint.TensorFiles}.
 */
package io.radialnet.checkpoint;
